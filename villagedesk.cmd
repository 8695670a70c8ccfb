@echo off
rem The twin of villagedesk.sh for Windows (unproved: see README).
cd /d "%~dp0"
if not exist .venv\Scripts\python.exe py -3.11 -m venv .venv || exit /b 1
.venv\Scripts\python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock || exit /b 1
if "%1"=="test" (
  set QT_QPA_PLATFORM=offscreen
  .venv\Scripts\python -m pytest
  exit /b %errorlevel%
)
if "%1"=="run" (
  shift
  .venv\Scripts\python -m villagedesk %2 %3 %4 %5 %6 %7 %8 %9
  exit /b %errorlevel%
)
.venv\Scripts\python -m villagedesk demo %2 %3 %4 %5 %6 %7 %8 %9
