import type { ElementProps } from "./element";

/** Date, time, and both, with the browser's own pickers. */
export function DateInput({ element, state, label, field, update }: ElementProps) {
  const common = {
    id: field?.id,
    className: "text-input short",
    "aria-label": field ? undefined : label,
    "aria-describedby": field?.describedBy,
    "aria-invalid": field?.invalid || undefined,
    autoFocus: element.focus_on_load,
  };
  if (element.type === "timepicker") {
    return (
      <input {...common} type="time" value={state.selected_time ?? ""}
        onChange={(event) => update({ type: "timepicker", selected_time: event.target.value || null })} />
    );
  }
  if (element.type === "datetimepicker") {
    return (
      <input {...common} type="datetime-local" value={localText(state.selected_date_time)}
        onChange={(event) => update({ type: "datetimepicker", selected_date_time: seconds(event.target.value) })} />
    );
  }
  return (
    <input {...common} type="date" value={state.selected_date ?? ""}
      onChange={(event) => update({ type: "datepicker", selected_date: event.target.value || null })} />
  );
}

/** Unix seconds as the browser's picker wants them: local time without a zone. */
function localText(timestamp: number | null | undefined): string {
  if (!timestamp) return "";
  const at = new Date(timestamp * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function seconds(text: string): number | null {
  return text ? Math.floor(new Date(text).getTime() / 1000) : null;
}
