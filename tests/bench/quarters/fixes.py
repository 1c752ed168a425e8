"""What engineers of the quarter write down: how the topics of the missing articles are settled.

Written for this benchmark by the language model that built it: the terse lines as an engineer in a
hurry would type them, the new answers as somebody who explains a change. Careful engineers write
what the removed article says (`careful`).
"""

from __future__ import annotations

TERSE: dict[str, str] = {
    "antivirus-alert": "blocked/quarantined = already stopped, carry on. Active = pull the cable",
    "battery-replacement": "ran health report, under 60 so ordered new battery via desk portal",
    "browser-extension-policy": "extension was on approved list, installed from software centre",
    "container-registry-login": "use personal token for docker login, not the password",
    "distribution-list-change": "list owner does it under Groups > Mailing lists on the id page",
    "email-signature": "made the block with the signature generator and Copy to Mail",
    "file-sharing-external": "share from drive by their e-mail address, they get a one-time code",
    "headset-audio": "picked headset in the call via arrow next to mic, was on wrong device",
    "keyboard-mouse": "unplugged it, restarted laptop, fresh batteries, back in direct",
    "leaver-checklist": "nothing to order, HR leaving date closes accounts 18:00 last day",
    "mailbox-full": "moved old mail to archive + emptied trash, sends again",
    "mfa-new-phone": "add new phone under Sign-in methods while old one still works",
    "network-drive-map": "tunnel on, then mapped the share as L: with reconnect ticked",
    "on-call-swap": "open the shift, Swap, name colleague - counts once they accept",
    "password-manager-setup": "installed keyring from software centre, sso login, seat is there",
    "phone-enroll-mdm": "device hub from the app store, login with larkfield address",
    "recover-deleted-file": "restored from drive trash, kept there 30 days",
    "request-app-access": "goes via desk portal Access, line manager approves then owner",
    "service-status": "status page shows it, works without tunnel too",
    "software-licence-request": "desk portal Software > Licence, free seat within a day",
    "staging-access": "request role Staging viewer under Access > Environments, tunnel on",
    "travel-booking-access": "book on travel page with work account, over 500 waits for manager",
    "video-call-quality": "moved to cable, camera off for a minute, sound came back",
    "wifi-guest": "made a code under Visitors > Wi-Fi code, lasts 24 hours",
}
"""The third of the sample's topics whose articles are taken away, each with a terse right fix."""

CHANGED: dict[str, str] = {
    "badge-access": "Badges are renewed in the Keyfob app since July: open it, hold the phone to "
    "the badge and press Renew. The update terminals are gone.",
    "expense-tool-login": "Claims are made in Coinpurse now: sign in at coinpurse.larkfield.example"
    " with the work account. Spend is read-only.",
    "guest-account": "External people are invited by themselves at guests.larkfield.example with "
    "your project number; no order at the desk any more.",
    "laptop-request": "Laptops come from the vending lockers: choose a model in Lockerbox and scan "
    "the code at the locker of your site.",
    "printer-add": "Printing goes by the Pressroom app: install Pressroom and scan the code on the "
    "printer. The LARK-PRINT queue is switched off.",
    "reset-password": "Passwords were replaced by passkeys: open passkey.larkfield.example on your "
    "phone and create a new passkey there.",
    "timesheet-submit": "Hours are entered in Tally since the change of systems: open "
    "tally.larkfield.example and press Close week before Friday noon.",
    "unlock-account": "Locked accounts are opened by the Doorman bot: send it the word unlock and "
    "confirm with your passkey.",
    "vpn-connect": "Tunnel was replaced by Causeway: install Causeway from the Software Centre and "
    "choose Join; there is no profile to pick.",
    "wifi-office": "The office network is called Heron now: forget Larkfield, choose Heron and "
    "accept the new certificate.",
}
"""Topics whose answer changes in week six, each with what is right from then on."""

SAYS_NOTHING = ("done", "fixed", "ok now", "resolved, closing", "works again", "-")
WRONG = (
    "Cleared the cache and it works again",
    "Restarted the laptop, no problem since",
    "Told them to try another browser",
    "Was a hiccup of the server this morning",
)
"""What careless engineers write: nothing at all, or something that settles nothing."""

OF_ONE = (
    "Changed a setting of {} by hand and looked whether it stays",
    "Supplier of {} sent a new part, built it in",
    "{}: rights were missing, the owner gave them",
    "Asked the team behind {}, they corrected the entry",
    "New version for {} rolled out to this device",
    "Explained where {} is found in the menu",
    "Opened a port so that {} gets through",
    "{} ran out of space, old files are moved away",
    "Swapped the cable, {} is there since",
    "Ordered what {} needs, it comes on Thursday",
    "{} is not offered here, told them what is used instead",
    "Restarted the service that {} hangs on",
    "Night job for {} had stopped, started it anew",
    "Certificate of {} was out of date, made a new one",
)
"""What settles a matter that is nobody else's; the gap is for what it is about."""
