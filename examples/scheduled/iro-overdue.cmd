@echo off
rem What the scheduled task runs. The exit code of the last command is the result of the task.
rem It all lies in the folder of the account alone, where others on the machine cannot read it.
set IRO_DATABASE=%LOCALAPPDATA%\iro\iro.db
iro overdue --per-iro-folder "%LOCALAPPDATA%\iro\overdue" -f csv --excel
if errorlevel 1 exit /b %errorlevel%
iro digest --html -o "%LOCALAPPDATA%\iro\digest.html"
exit /b %errorlevel%
