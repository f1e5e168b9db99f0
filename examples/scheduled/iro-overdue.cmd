@echo off
rem What the scheduled task runs. The exit code of the last command is the result of the task.
set IRO_DATABASE=C:\ProgramData\iro\iro.db
iro overdue --per-iro-folder "C:\ProgramData\iro\overdue" -f csv --excel
if errorlevel 1 exit /b %errorlevel%
iro digest --html -o "C:\ProgramData\iro\digest.html"
exit /b %errorlevel%
