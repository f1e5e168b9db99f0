@echo off
rem Makes the scheduled task. Run it once, as the account whose task it is to be.
rem Take it away again with:  schtasks /Delete /TN "iro overdue"
schtasks /Create /F /TN "iro overdue" /SC WEEKLY /D MON,TUE,WED,THU,FRI /ST 07:00 /TR "\"%~dp0iro-overdue.cmd\""
