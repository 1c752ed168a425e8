import type { Block } from "../slack/types";
import { Link, plainText } from "../text/Mrkdwn";
import { Icon, type IconName } from "../parts/Icon";
import { RichText } from "./RichText";

const STATES: Record<string, { icon: IconName; said: string }> = {
  pending: { icon: "more", said: "To do" },
  in_progress: { icon: "swap", said: "Under way" },
  complete: { icon: "check", said: "Done" },
  error: { icon: "close", said: "Failed" },
};

/** A `task_card` block: how far a task is, and below it what it is about and what came of it. */
export function TaskCard({ task }: { task: Block }) {
  const state = STATES[task.status ?? "pending"] ?? STATES.pending!;
  const head = (
    <>
      <span className={`task-state ${task.status ?? "pending"}`} role="img" aria-label={state.said}><Icon name={state.icon} size={14} /></span>
      <span>{plainText(task.title)}</span>
    </>
  );
  if (!task.details && !task.output && !task.sources?.length) return <div className="block-task"><div className="task-head">{head}</div></div>;
  return (
    <details className="block-task" open={task.status === "in_progress" || task.status === "error"}>
      <summary className="task-head">{head}</summary>
      <div className="task-body">
        {task.details && <RichText elements={task.details.elements ?? []} />}
        {task.output && <RichText elements={task.output.elements ?? []} />}
        {task.sources && task.sources.length > 0 && (
          <p className="task-sources">
            {task.sources.map((source, index) => <Link key={index} url={source.url}>{source.text ?? source.url}</Link>)}
          </p>
        )}
      </div>
    </details>
  );
}

/** A `plan` block: its title, and the tasks in their order. */
export function Plan({ block }: { block: Block }) {
  return (
    <div className="block-plan">
      <p className="plan-title">{plainText(block.title)}</p>
      {(block.tasks ?? []).map((task, index) => <TaskCard key={task.task_id ?? index} task={task} />)}
    </div>
  );
}
