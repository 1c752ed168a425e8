// The app of test_bolt_js.py: it answers a message with a button, opens a modal when the button
// is pressed, and refuses a short answer before it takes a longer one.
import bolt from "@slack/bolt";

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const plain = (text) => ({ type: "plain_text", text });

app.message(/laptop/, async ({ message, say }) => {
  const button = { type: "button", action_id: "resolve", text: plain("Resolve") };
  await say({
    text: `You said: ${message.text}`,
    blocks: [{ type: "actions", elements: [button] }],
    thread_ts: message.ts,
  });
});

app.action("resolve", async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: "modal",
      callback_id: "resolution",
      title: plain("Resolve"),
      submit: plain("Resolve"),
      blocks: [
        {
          type: "input",
          block_id: "cause",
          label: plain("What it was"),
          element: { type: "plain_text_input", action_id: "text" },
        },
      ],
    },
  });
});

app.view("resolution", async ({ ack, view, body, client }) => {
  const cause = view.state.values.cause.text.value;
  if (cause.length < 5) {
    await ack({ response_action: "errors", errors: { cause: "Say a little more." } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Noted: ${cause}` });
});

app.command("/helpdesk", async ({ ack, command }) => {
  await ack(`Looking for ${command.text}`);
});

await app.start();
console.log("ready");
