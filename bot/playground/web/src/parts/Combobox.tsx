import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from "react";
import { Floating } from "./Floating";
import { Icon } from "./Icon";

export interface Choice {
  key: string;
  label: string;
  description?: string;
}

export interface ChoiceGroup {
  label?: string;
  choices: Choice[];
}

interface Props {
  label: string;
  placeholder: string;
  selected: Choice[];
  groups: ChoiceGroup[];
  onChange: (chosen: Choice[]) => void;
  multiple?: boolean;
  limit?: number;
  /** Fetches the choices for what was typed, instead of filtering `groups`. */
  load?: (query: string) => Promise<ChoiceGroup[]>;
  minQuery?: number;
  invalid?: boolean;
  describedBy?: string;
  autoFocus?: boolean;
  id?: string;
  /** A single choice that may be taken back. */
  clearable?: boolean;
}

/** A select with a filter, for one choice or for many. */
export function Combobox(props: Props) {
  const { label, selected, multiple, onChange } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const anchor = useRef<HTMLDivElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();
  const groups = useChoices(props, query, open);
  const flat = useMemo(() => groups.flatMap((group) => group.choices), [groups]);
  const chosen = new Set(selected.map((choice) => choice.key));
  const activeChoice = flat[Math.min(active, flat.length - 1)];

  const choose = (choice: Choice) => {
    if (multiple) {
      const without = selected.filter((each) => each.key !== choice.key);
      const room = !props.limit || selected.length < props.limit;
      if (without.length < selected.length) onChange(without);
      else if (room) onChange([...selected, choice]);
      setQuery("");
      input.current?.focus();
      return;
    }
    setOpen(false);
    setQuery("");
    onChange([choice]);
  };

  const show = () => {
    if (open) return;
    setOpen(true);
    setActive(Math.max(0, flat.findIndex((choice) => chosen.has(choice.key))));
  };

  const key = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return show();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setActive((at) => (at + step + flat.length) % Math.max(1, flat.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (open && activeChoice) choose(activeChoice);
      else show();
    } else if (event.key === "Backspace" && query === "" && selected.length > 0 && (multiple || props.clearable)) {
      onChange(selected.slice(0, -1));
    } else if (event.key === "Tab") {
      setOpen(false);
    }
  };

  const shown = !multiple && !open ? (selected[0]?.label ?? "") : query;
  return (
    <div className={`combobox${multiple ? " multiple" : ""}${props.invalid ? " invalid" : ""}`} ref={anchor}>
      {multiple &&
        selected.map((choice) => (
          <span className="chip" key={choice.key}>
            {choice.label}
            <button
              type="button"
              aria-label={`Remove ${choice.label}`}
              onClick={() => onChange(selected.filter((each) => each.key !== choice.key))}
            >
              <Icon name="close" size={12} />
            </button>
          </span>
        ))}
      <input
        ref={input}
        id={props.id}
        role="combobox"
        aria-label={props.id ? undefined : label}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        aria-autocomplete="list"
        aria-activedescendant={open && activeChoice ? `${listId}-${activeChoice.key}` : undefined}
        aria-invalid={props.invalid || undefined}
        aria-describedby={props.describedBy}
        autoComplete="off"
        autoFocus={props.autoFocus}
        placeholder={multiple && selected.length ? "" : (selected[0]?.label ?? props.placeholder)}
        value={shown}
        onChange={(event) => {
          setQuery(event.target.value);
          setActive(0);
          setOpen(true);
        }}
        onClick={show}
        onKeyDown={key}
        onBlur={() => setQuery("")}
      />
      <Icon name="chevron" size={14} />
      {open && (
        <Floating
          anchor={anchor}
          matchWidth
          className="listbox-panel"
          onClose={() => {
            setOpen(false);
            setQuery("");
          }}
        >
          <Choices {...{ groups, listId, label, multiple, chosen, activeChoice, choose, setActive, flat }} />
        </Floating>
      )}
    </div>
  );
}

interface ListProps {
  groups: ChoiceGroup[];
  flat: Choice[];
  listId: string;
  label: string;
  multiple?: boolean;
  chosen: Set<string>;
  activeChoice?: Choice;
  choose: (choice: Choice) => void;
  setActive: (at: number) => void;
}

function Choices({ groups, flat, listId, label, multiple, chosen, activeChoice, choose, setActive }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  }, [activeChoice]);
  return (
    <div ref={list} role="listbox" id={listId} aria-label={label} aria-multiselectable={multiple || undefined}>
      {flat.length === 0 && <div className="no-choice" role="option" aria-selected="false" aria-disabled="true">Nothing found</div>}
      {groups.map((group, index) => (
        <div key={index} role="group" aria-label={group.label ?? label}>
          {group.label && group.choices.length > 0 && <div className="group-label" aria-hidden="true">{group.label}</div>}
          {group.choices.map((choice) => (
            <div
              key={choice.key}
              id={`${listId}-${choice.key}`}
              role="option"
              aria-selected={chosen.has(choice.key)}
              className={choice === activeChoice ? "choice active" : "choice"}
              // Without this the field would lose the focus before the click counts.
              onMouseDown={(event) => event.preventDefault()}
              onMouseMove={() => setActive(flat.indexOf(choice))}
              onClick={() => choose(choice)}
            >
              <span className="tick">{chosen.has(choice.key) && <Icon name="check" size={14} />}</span>
              <span>
                {choice.label}
                {choice.description && <small>{choice.description}</small>}
              </span>
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}

function useChoices({ groups, load, minQuery = 0 }: Props, query: string, open: boolean): ChoiceGroup[] {
  const [loaded, setLoaded] = useState<ChoiceGroup[]>([]);
  const loader = useRef(load);
  loader.current = load;
  const remote = load !== undefined;
  useEffect(() => {
    if (!remote || !open || query.length < minQuery) return;
    let current = true;
    const timer = window.setTimeout(() => {
      void loader.current?.(query).then((found) => current && setLoaded(found));
    }, 150);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [remote, open, query, minQuery]);
  return useMemo(() => {
    if (remote) return loaded;
    const wanted = query.trim().toLowerCase();
    if (!wanted) return groups;
    const fits = (choice: Choice) => `${choice.label} ${choice.description ?? ""}`.toLowerCase().includes(wanted);
    return groups.map((group) => ({ ...group, choices: group.choices.filter(fits) }));
  }, [remote, loaded, groups, query]);
}
