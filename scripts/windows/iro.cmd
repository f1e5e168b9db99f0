@echo off
if exist "%~dp0venv\Scripts\iro.exe" goto :run
echo iro is not installed yet: run "%~dp0install.cmd" first 1>&2
exit /b 1
:run
"%~dp0venv\Scripts\iro.exe" %*
exit /b %errorlevel%
