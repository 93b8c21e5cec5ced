-- Boards of leave: who is out, and what waits for a decision.

call core.watch_rows('workforce.leave_request_days');
call core.watch_rows('workforce.leave_approvals');
