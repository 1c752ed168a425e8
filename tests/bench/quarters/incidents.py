"""The two disturbances of the quarter, as people report them.

Written for this benchmark by the language model that built it, each line as one person types it.
"""

INCIDENT_WEEKS = (4, 9)

INCIDENTS: tuple[tuple[str, ...], ...] = (
    (
        "mail is down, nothing comes in since ten minutes",
        "Is the mail server down? Nobody in our office can send mail",
        "outlook says it cannot reach the mail server, same for the whole team",
        "mail server not reachable for anyone on our floor!!",
        "we can't send mail, all of us in accounts",
        "Mail is not working for any of us, the server does not answer",
        "hi, the mail server seems dead, six people here cannot send",
        "nobody gets mail, is the mail server down again",
        "mail server timeout on every machine in sales",
        "cannot send nor receive mail, colleagues neither",
        "the mail server is unreachable from all our sites they tell me",
        "all mail stuck in the outbox for the entire department",
    ),
    (
        "the ERP is down for everybody in the warehouse",
        "ERP does not open for any of us, error 503",
        "whole shift is standing, erp is not reachable",
        "erp gives 503 to the entire purchasing team",
        "Is the ERP down? No one here can book goods in",
        "ERP login page does not load, for all colleagues at gate 2 too",
        "nobody can work in the erp since a quarter of an hour",
        "erp down!!! trucks are waiting",
        "the ERP is unreachable for all of finance",
        "none of us gets into the erp, 503",
        "erp is dead for everyone in production",
        "we all get service unavailable from the ERP",
    ),
)
