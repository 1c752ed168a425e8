import type { Person } from "../slack/types";

/** A person's initials on their colour. */
export function Avatar({ person, size = 36, name }: { person?: Person; size?: number; name?: string }) {
  const shown = person?.real_name ?? name ?? "?";
  const background = /^#[0-9a-f]{6}$/i.test(person?.avatar_color ?? "") ? person!.avatar_color! : colorOf(person?.id ?? shown);
  return (
    <span
      className={person?.is_bot || !person ? "avatar bot" : "avatar"}
      style={{ background, width: size, height: size, fontSize: size * 0.4 }}
      aria-hidden="true"
    >
      {person?.is_bot || !person ? <BotFace /> : initials(shown)}
    </span>
  );
}

function BotFace() {
  return (
    <svg viewBox="0 0 24 24" width="62%" height="62%" fill="none" stroke="currentColor" strokeWidth="2" strokeLinecap="round" strokeLinejoin="round">
      <path d="M5 6h14v9a2 2 0 0 1-2 2h-5l-4 3.5V17H7a2 2 0 0 1-2-2zM9.5 10.5v1.2M14.5 10.5v1.2" />
    </svg>
  );
}

function initials(name: string): string {
  const parts = name.trim().split(/\s+/);
  const letters = parts.length > 1 ? [parts[0], parts.at(-1)] : [parts[0]];
  return letters.map((part) => [...(part ?? "?")][0] ?? "").join("").toUpperCase();
}

const COLORS = ["#0f766e", "#9a3412", "#6d28d9", "#1d4ed8", "#a21caf", "#4d7c0f", "#b91c1c"];

function colorOf(id: string): string {
  const sum = [...id].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  return COLORS[sum % COLORS.length]!;
}

const ROLES: Record<string, string> = { employee: "Employee", l1: "L1", l2: "L2", l3: "L3", admin: "Admin" };

/** What a role is called on screen. */
export function roleName(person: Person | undefined): string {
  if (!person) return "";
  if (person.is_bot) return "App";
  return ROLES[(person.role ?? "employee").toLowerCase()] ?? person.role ?? "";
}
