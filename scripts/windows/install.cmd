@echo off
rem Makes the folder "venv" beside this file and installs iro there, from the folder "wheels"
rem alone: no network, no administrator rights, nothing outside this folder.
setlocal
set "HERE=%~dp0"
set "PYTHON="
for %%V in (3.13 3.12 3.11) do call :look %%V
if not defined PYTHON goto :none
echo Python %VERSION% is taken.
%PYTHON% -m venv --clear "%HERE%venv"
if errorlevel 1 goto :failed
"%HERE%venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" --require-hashes --only-binary :all: --requirement "%HERE%requirements\%VERSION%.txt"
if errorlevel 1 goto :failed
"%HERE%venv\Scripts\iro.exe" --version
if errorlevel 1 goto :failed
echo Installed. "%HERE%iro.cmd" runs it: try "%HERE%iro.cmd" demo
exit /b 0

:look
if defined PYTHON exit /b 0
py -%1 -c "pass" >nul 2>nul
if not errorlevel 1 set "PYTHON=py -%1"
if defined PYTHON goto :found
python -c "import sys; sys.exit(not sys.version.startswith('%1.'))" >nul 2>nul
if errorlevel 1 exit /b 0
set "PYTHON=python"
:found
set "VERSION=%1"
exit /b 0

:none
echo No Python 3.11, 3.12 or 3.13 was found: ask for one, or use the page iro.html, which needs none. 1>&2
exit /b 1

:failed
echo It was not installed: the lines above say why. Nothing outside this folder was changed. 1>&2
exit /b 1
