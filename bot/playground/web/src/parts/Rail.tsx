import type { Person } from "../slack/types";
import { switchTo } from "../state/session";
import { useWorkspace } from "../state/store";
import { Avatar, roleName } from "./Avatar";

/** Everybody one can be: the page belongs to whoever is chosen here. */
export function Rail() {
  const boot = useWorkspace((state) => state.boot);
  const others = useWorkspace((state) => state.others);
  if (!boot) return null;
  return (
    <nav className="rail" aria-label="People to be">
      <p className="rail-title" aria-hidden="true">Be</p>
      <ul>
        {boot.people.filter((person) => !person.is_bot).map((person) => (
          <li key={person.id}>
            <Seat person={person} current={person.id === boot.me} waiting={others[person.id]?.mentions ?? 0} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Seat({ person, current, waiting }: { person: Person; current: boolean; waiting: number }) {
  const role = roleName(person);
  const first = person.real_name.split(" ")[0];
  const news = waiting && !current ? `, ${waiting} new` : "";
  return (
    <button
      type="button"
      className={current ? "seat current" : "seat"}
      aria-current={current || undefined}
      aria-label={current ? `You are ${person.real_name} (${role})` : `Switch to ${person.real_name} (${role})${news}`}
      title={[person.real_name, person.title].filter(Boolean).join(" · ")}
      onClick={() => !current && switchTo(person.id)}
    >
      <span className="seat-picture">
        <Avatar person={person} size={38} />
        {waiting > 0 && !current && <span className="badge">{waiting}</span>}
      </span>
      <span className="seat-name">{first}</span>
      <span className={`role ${person.role ?? ""}`}>{role}</span>
    </button>
  );
}
