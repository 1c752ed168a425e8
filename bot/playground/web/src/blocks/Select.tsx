import { useMemo } from "react";
import { Combobox, type Choice, type ChoiceGroup } from "../parts/Combobox";
import { act } from "../slack/client";
import type { Element, ElementState, Option, OptionGroup } from "../slack/types";
import { channelTitle, useNames } from "../state/names";
import { useWorkspace } from "../state/store";
import { plainText } from "../text/Mrkdwn";
import type { ElementProps } from "./element";
import { useSurface } from "./surface";

/** Every kind of select: options, people, channels, conversations; one or many. */
export function Select({ element, state, label, field, update, blockId }: ElementProps & { blockId: string }) {
  const { place } = useSurface();
  const options = useMemo(() => new Map<string, Option>(), []);
  const groups = useGroups(element, options);
  const multiple = element.type.startsWith("multi_");
  const names = useNames();
  const selected = selectedKeys(state, options).map((key): Choice => ({ key, label: labelOf(key) }));

  function labelOf(key: string): string {
    const option = options.get(key);
    if (option) return plainText(option.text);
    return names.person(key)?.real_name ?? (channelTitle(names.channel(key), names.person) || key);
  }

  const external = element.type.endsWith("external_select");
  const load = external
    ? async (query: string): Promise<ChoiceGroup[]> => {
        const as = useWorkspace.getState().spot.as;
        const answer = await act(as, {
          action: "suggest", ...place, block_id: blockId, action_id: element.action_id ?? "", value: query,
        });
        return toGroups(answer.options, answer.option_groups, options);
      }
    : undefined;

  return (
    <div className={field ? "select wide" : "select"}>
      <Combobox
        id={field?.id}
        label={label}
        placeholder={plainText(element.placeholder) || "Choose an option"}
        selected={selected}
        groups={groups}
        multiple={multiple}
        limit={element.max_selected_items}
        load={load}
        minQuery={external ? (element.min_query_length ?? 3) : 0}
        invalid={field?.invalid}
        describedBy={field?.describedBy}
        autoFocus={element.focus_on_load}
        clearable={field?.optional}
        onChange={(chosen) => update(stateOf(element, chosen, options))}
      />
    </div>
  );
}

function useGroups(element: Element, options: Map<string, Option>): ChoiceGroup[] {
  const boot = useWorkspace((state) => state.boot);
  const names = useNames();
  return useMemo(() => {
    for (const option of [element.initial_option, ...(element.initial_options ?? [])]) {
      if (option) options.set(option.value, option);
    }
    const people = (boot?.people ?? []).map((person) => ({
      key: person.id, label: person.real_name, description: person.title,
    }));
    const channels = (boot?.channels ?? []).filter((channel) => !channel.is_im).map((channel) => ({
      key: channel.id, label: `#${channel.name}`,
    }));
    if (element.type.endsWith("users_select")) return [{ choices: people }];
    if (element.type.endsWith("channels_select")) return [{ choices: channels }];
    if (element.type.endsWith("conversations_select")) {
      const direct = (boot?.channels ?? []).filter((channel) => channel.is_im).map((channel) => ({
        key: channel.id, label: channelTitle(channel, names.person),
      }));
      return [{ label: "Channels", choices: channels }, { label: "Direct messages", choices: direct }];
    }
    return toGroups(element.options, element.option_groups, options);
  }, [element, boot, names, options]);
}

function toGroups(
  list: Option[] | undefined,
  grouped: OptionGroup[] | undefined,
  options: Map<string, Option>,
): ChoiceGroup[] {
  const choice = (option: Option): Choice => {
    options.set(option.value, option);
    return { key: option.value, label: plainText(option.text), description: plainText(option.description) || undefined };
  };
  if (grouped?.length) {
    return grouped.map((group) => ({ label: plainText(group.label), choices: group.options.map(choice) }));
  }
  return [{ choices: (list ?? []).map(choice) }];
}

function selectedKeys(state: ElementState, options: Map<string, Option>): string[] {
  const chosen = [state.selected_option, ...(state.selected_options ?? [])].filter((option) => option != null);
  for (const option of chosen) options.set(option.value, option);
  const single = [state.selected_user, state.selected_channel, state.selected_conversation].filter((id) => id != null);
  const many = [state.selected_users, state.selected_channels, state.selected_conversations].flatMap((ids) => ids ?? []);
  return [...chosen.map((option) => option.value), ...single, ...many];
}

function stateOf(element: Element, chosen: Choice[], options: Map<string, Option>): ElementState {
  const { type } = element;
  const keys = chosen.map((choice) => choice.key);
  const first = keys[0] ?? null;
  switch (type) {
    case "users_select":
      return { type, selected_user: first };
    case "channels_select":
      return { type, selected_channel: first };
    case "conversations_select":
      return { type, selected_conversation: first };
    case "multi_users_select":
      return { type, selected_users: keys };
    case "multi_channels_select":
      return { type, selected_channels: keys };
    case "multi_conversations_select":
      return { type, selected_conversations: keys };
  }
  const picked = keys.map((key) => options.get(key)).filter((option) => option !== undefined);
  return type.startsWith("multi_") ? { type, selected_options: picked } : { type, selected_option: picked[0] ?? null };
}
