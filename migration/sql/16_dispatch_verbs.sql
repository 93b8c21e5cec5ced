-- What the verbs of dispatch rely on: who is given a task is a person.

create trigger dispatch_tasks_driver_kind
  after insert or update of driver_id on dispatch.dispatch_tasks
  for each row when (new.driver_id is not null)
  execute function dispatch.check_resource_kind('driver_id', 'human', 'dispatch_tasks_driver_kind_check', 'The driver must be a person.');
