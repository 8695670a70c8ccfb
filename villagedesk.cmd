@echo off
rem The twin of villagedesk.sh for Windows (unproved: see README).
rem   villagedesk demo ^| run ... ^| test ^| package ^| setup
setlocal
cd /d "%~dp0"
set TASK=%~1
if "%TASK%"=="" set TASK=demo
set REST=
:collect
shift
if not "%~1"=="" (
  set REST=%REST% %1
  goto collect
)
if not exist .venv\Scripts\python.exe (
  py -3.11 -m venv .venv || exit /b 1
)
fc /b requirements.lock .venv\lock-copy >nul 2>nul
if errorlevel 1 (
  .venv\Scripts\python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock || exit /b 1
  copy /y requirements.lock .venv\lock-copy >nul
)
if "%TASK%"=="setup" exit /b 0
if "%TASK%"=="demo" goto demo
if "%TASK%"=="run" goto run
if "%TASK%"=="test" goto test
if "%TASK%"=="package" goto package
echo usage: villagedesk demo^|run^|test^|package^|setup 1>&2
exit /b 2

:demo
.venv\Scripts\python -m villagedesk demo %REST%
exit /b %errorlevel%

:run
.venv\Scripts\python -m villagedesk %REST%
exit /b %errorlevel%

:test
set QT_QPA_PLATFORM=offscreen
.venv\Scripts\python -m pytest %REST%
exit /b %errorlevel%

:package
.venv\Scripts\pyinstaller --noconfirm --log-level ERROR --distpath dist --workpath build build_installer.spec || exit /b 1
dist\villagedesk\villagedesk-cli.exe --selfcheck
exit /b %errorlevel%
