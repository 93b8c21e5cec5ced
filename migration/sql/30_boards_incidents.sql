-- More tables that boards show: incidents, trips with their stops, and where vehicles are.

call core.watch_rows('operations.incident_reports');
call core.watch_rows('operations.maintenance_requests');
call core.watch_rows('dispatch.transport_trips');
call core.watch_rows('dispatch.trip_stops');
call core.watch_rows('dispatch.fleet_vehicles');
call core.watch_rows('dispatch.tracking_links');
