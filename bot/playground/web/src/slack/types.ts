/** Slack's JSON as this page receives it: only the fields that are read, unknown ones are ignored. */

export interface TextObject {
  type: "mrkdwn" | "plain_text";
  text: string;
  emoji?: boolean;
  verbatim?: boolean;
}

export interface Option {
  text: TextObject;
  value: string;
  description?: TextObject;
  url?: string;
}

export interface OptionGroup {
  label: TextObject;
  options: Option[];
}

export interface Confirm {
  title: TextObject;
  text: TextObject;
  confirm: TextObject;
  deny: TextObject;
  style?: "primary" | "danger";
}

export interface FeedbackButton {
  text: TextObject;
  value: string;
  accessibility_label?: string;
}

/** Any interactive or visual element inside a block; `type` says which fields are there. */
export interface Element {
  type: string;
  action_id?: string;
  text?: TextObject | string;
  value?: string;
  url?: string;
  style?: "primary" | "danger";
  confirm?: Confirm;
  placeholder?: TextObject;
  options?: Option[];
  option_groups?: OptionGroup[];
  initial_option?: Option;
  initial_options?: Option[];
  initial_value?: string;
  initial_date?: string;
  initial_time?: string;
  initial_date_time?: number;
  initial_user?: string;
  initial_users?: string[];
  initial_channel?: string;
  initial_channels?: string[];
  initial_conversation?: string;
  initial_conversations?: string[];
  multiline?: boolean;
  min_length?: number;
  max_length?: number;
  min_value?: string;
  max_value?: string;
  is_decimal_allowed?: boolean;
  min_query_length?: number;
  max_selected_items?: number;
  focus_on_load?: boolean;
  accessibility_label?: string;
  image_url?: string;
  alt_text?: string;
  icon?: string;
  filetypes?: string[];
  max_files?: number;
  positive_button?: FeedbackButton;
  negative_button?: FeedbackButton;
}

export interface Style {
  bold?: boolean;
  italic?: boolean;
  strike?: boolean;
  code?: boolean;
  underline?: boolean;
}

/** A node of a rich_text block. */
export interface RichNode {
  type: string;
  elements?: RichNode[];
  text?: string;
  style?: Style | "bullet" | "ordered";
  indent?: number;
  offset?: number;
  border?: number;
  url?: string;
  name?: string;
  unicode?: string;
  user_id?: string;
  usergroup_id?: string;
  channel_id?: string;
  range?: string;
  timestamp?: number;
  format?: string;
  fallback?: string;
  value?: string;
}

export interface Block {
  type: string;
  block_id?: string;
  text?: TextObject | string;
  fields?: TextObject[];
  accessory?: Element;
  elements?: (Element & TextObject & RichNode)[];
  element?: Element;
  label?: TextObject;
  hint?: TextObject;
  optional?: boolean;
  dispatch_action?: boolean;
  image_url?: string;
  alt_text?: string;
  title?: TextObject | string;
  title_url?: string;
  video_url?: string;
  thumbnail_url?: string;
  description?: TextObject;
  author_name?: string;
  provider_name?: string;
  expand?: boolean;
  rows?: RichTableCell[][];
  task_id?: string;
  status?: string;
  details?: { elements?: RichNode[] };
  output?: { elements?: RichNode[] };
  sources?: { url: string; text?: string }[];
  tasks?: Block[];
}

export type RichTableCell = RichNode & { text?: string };

export interface Reaction {
  name: string;
  users: string[];
  count: number;
}

export interface FileObject {
  id: string;
  name?: string;
  title?: string;
  mimetype?: string;
  size?: number;
  url_private?: string;
  permalink?: string;
}

export interface Attachment {
  color?: string;
  fallback?: string;
  pretext?: string;
  title?: string;
  title_link?: string;
  text?: string;
  fields?: { title: string; value: string; short?: boolean }[];
  footer?: string;
  blocks?: Block[];
}

export interface Message {
  type: string;
  subtype?: string;
  user?: string;
  bot_id?: string;
  username?: string;
  bot_profile?: { name?: string };
  text: string;
  ts: string;
  thread_ts?: string;
  client_msg_id?: string;
  blocks?: Block[];
  attachments?: Attachment[];
  files?: FileObject[];
  edited?: { user: string; ts: string };
  reactions?: Reaction[];
  reply_count?: number;
  reply_users?: string[];
  latest_reply?: string;
  root?: Message;
  /** Set by this page: the message is shown to one person only and lives in no history. */
  ephemeral?: boolean;
}

export interface View {
  id: string;
  type: "modal" | "home";
  hash?: string;
  callback_id?: string;
  title?: TextObject;
  submit?: TextObject;
  close?: TextObject;
  blocks: Block[];
  previous_view_id?: string | null;
  root_view_id?: string;
  state?: { values: StateValues };
}

/** What a person has put into one element, as Slack reports it in `state.values`. */
export interface ElementState {
  type: string;
  value?: string | null;
  selected_option?: Option | null;
  selected_options?: Option[];
  selected_user?: string | null;
  selected_users?: string[];
  selected_channel?: string | null;
  selected_channels?: string[];
  selected_conversation?: string | null;
  selected_conversations?: string[];
  selected_date?: string | null;
  selected_time?: string | null;
  selected_date_time?: number | null;
  rich_text_value?: Block;
  /** What was typed into a rich text field, which the workspace formats. */
  typed?: string;
  files?: FileObject[];
}

export type StateValues = Record<string, Record<string, ElementState>>;

export interface Person {
  id: string;
  name: string;
  real_name: string;
  title?: string;
  tz?: string;
  avatar_color?: string;
  is_bot: boolean;
  role?: string;
}

export interface Channel {
  id: string;
  name: string;
  is_im: boolean;
  is_private: boolean;
  topic?: string;
  members: string[];
  user?: string;
  unread: number;
  mentions: number;
  last_ts?: string | null;
}

export interface Usergroup {
  id: string;
  handle: string;
  name: string;
  users: string[];
}

export interface Command {
  command: string;
  description?: string;
  usage_hint?: string;
}

export interface Shortcut {
  callback_id: string;
  name: string;
  type: "global" | "message";
}

export interface GuideStep {
  text: string;
  channel: string;
  hint: string;
}

/** The workspace's clock: by how many seconds it is ahead, and when the desk opens next. */
export interface Clock {
  ahead: number;
  opens: number | null;
}

/** A message that a search found, as it reads around the words. */
export interface Found {
  channel: string;
  ts: string;
  thread_ts?: string | null;
  user?: string | null;
  bot_id?: string | null;
  username?: string | null;
  snippet: string;
}

export interface Boot {
  team: { id: string; name: string; domain: string };
  me: string;
  people: Person[];
  channels: Channel[];
  usergroups: Usergroup[];
  commands: (Command | string)[];
  shortcuts: Shortcut[];
  guide: GuideStep[];
  home?: Record<string, View | null>;
  views?: View[];
  ephemerals?: { channel: string; message: Message }[];
  is_connected?: boolean;
  clock?: Clock;
}

export interface Prompt {
  title: string;
  message: string;
}

/** Frames that the server sends over the live connection. */
export type Frame = { seq: number } & (
  | { type: "hello"; boot_id: string }
  | { type: "message" | "message_changed"; channel: string; message: Message }
  | { type: "message_deleted"; channel: string; ts: string; thread_ts?: string }
  | { type: "reaction"; channel: string; message: Message }
  | { type: "ephemeral"; channel: string; thread_ts?: string; message: Message }
  | { type: "view"; op: "open" | "update" | "push" | "close"; view?: View; view_id?: string }
  | { type: "home"; view: View; bot?: string }
  | { type: "channel"; channel: Channel }
  | { type: "clock"; clock: Clock }
  | { type: "status"; channel: string; thread_ts?: string; status: string }
  | { type: "prompts"; channel: string; thread_ts?: string; title?: string; prompts: Prompt[] }
);
