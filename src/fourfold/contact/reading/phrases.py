"""What a mail server's refusal means: its status code (RFC 3463) and, where that says little, its words.

A table of our own, because libraries that find the report judge it badly (42 % with flufl.bounce alone). Hard means
that there is no such mailbox or domain, and nothing else: a full or locked mailbox may be written to later, and a
refusal for what we are or what we wrote says nothing about the address.
"""

from __future__ import annotations

import re

from fourfold.contact.types.inbound import BounceKind

# In this order: what is said of us or of the message outweighs "recipient rejected", which servers say of everything.
_WORDS: tuple[tuple[BounceKind, str], ...] = (
    (
        BounceKind.SOFT,  # full or over its quota
        (
            r"(?:mail|in)?box (?:is |was )?(?:full|over)|mailbox[- ]?full|(?:over|exceed\w*|out of"
            r"|insufficient)[^.]{0,30}"
            r"(?:quota|storage|disk space|system storage)|quota (?:is )?(?:exceed|violat|full|over)"
            r"|overquota|over quota"
            r"|no space left|too many messages in (?:the )?mailbox|mailbox size limit|maximum size limit"
            r"|(?:boîte|postfach|buzón|caixa|inkorg|casella)[^.]{0,30}(?:pleine|voll|llen|chei|full|piena)"
            r"|account (?:is )?(?:over|exceed)|storage limit|would exceed|in excess of"
            r"|user has exhausted|disk full|not enough (?:storage|disk) "
        ),
    ),
    (
        BounceKind.POLICY,  # who we are: authentication, reputation, block lists, relaying, the sender's address
        (
            r"\bdmarc\b|\bspf\b|sender policy framework|\bdkim\b|unauthenticated|authentication (?:information|fail"
            r"|required)"
            r"|not authenticated|\bdnsbl|\brbl\b|black ?list|block ?list|blocklisted|blocked (?:using|by|for)|spamhaus"
            r"|spamcop|sorbs|barracudacentral|senderbase|poor reputation|bad reputation|low reputation|reputation"
            r"|relay(?:ing)? (?:access )?(?:denied|not|is not|prohibited)|no relaying|not (?:permitted"
            r"|allowed) to relay"
            r"|unable to relay|relaying (?:mail )?(?:to|from)|cannot relay|daily relay quota|reverse dns|\bptr\b|rdns"
            r"|helo|ehlo\b.{0,40}(?:reject|invalid)|valid sender domain|fix reverse|sender (?:address )?(?:was )?"
            r"(?:reject|denied|invalid|verify|not (?:exist|valid|allow)|unknown|domain)|(?:sending|from) domain"
            r"|domain of sender|sender domain|mail from:? ?[^.:]{0,40}(?:reject|denied|refus|not)|after mail from"
            r"|purported responsible|for policy reasons|policy (?:violation|reason|reject)|violates? .{0,30}policy"
            r"|access denied, (?:banned|sending)|banned send|your (?:ip|host|server|network|domain|e?mail server)\b"
            r"|client host|ip (?:address )?.{0,40}(?:block|listed|denied|reject)|invalid ip|not allowed to send"
            r"|permission to (?:post|send)|not authori[sz]ed|unauthori[sz]ed|messages? from .{0,60}(?:weren't"
            r"|not accepted|"
            r"rejected|block)|connections? (?:not accepted|refused) from|too many connections|rate limit|rate-limit"
            r"|throttl"
            r"|sender_?denied|submit(?:ter)? .{0,10}not allowed|sending limit|(?:can't|cannot) send"
            r"|tls (?:is )?required"
            r"|starttls|must issue a starttls|encryption (?:is )?required|restrict|administrative(?:ly)? prohibit"
            r"|delivery not authori|message refused|refused by recipient|prohibit"
            r"|service (?:not )?allowed|sent too many"
            r"|you are not allowed|not (?:been )?accept(?:ed|ing)? .{0,30}from (?:you|this|your)"
        ),
    ),
    (
        BounceKind.CONTENT,  # what we wrote
        (
            r"\bspam\b|\bspamm|unsolicited|bulk mail|junk|virus|malware|phish|infected|content (?:was |is )?(?:reject"
            r"|refus|"
            r"block|denied|not accept)|message content|(?:message|mail|size"
            r"|headers?)[^.]{0,30}(?:too (?:large|big|long)|"
            r"exceeds?[^.]{0,30}(?:size|limit|maximum))|message size|size limit|too large|rfc ?(?:5322|2822|822)"
            r"|multiple "
            r"addresses in from|multiple subject|bare (?:lf|cr)|malformed|attachments?[^.]{0,30}(?:not allowed|type"
            r"|block|reject)|suspicious|hop count|mail loop"
            r"|too many hops|loop(?:s|ing)? (?:back|detected)|duplicated? message|filtered|conversion|8-?bit"
        ),
    ),
    (
        BounceKind.SOFT,  # switched off, for now or for good: nobody says that there is no such mailbox
        (
            r"(?:account|mailbox|user|recipient|address|e-?mail)[^.;]{0,60}(?:disabled|suspend|inactiv|deactivat"
            r"|locked|frozen"
            r"|expired|on hold|blocked|discontinued|not active|has been closed|temporar)|disabled (?:recipient|user"
            r"|mailbox|"
            r"account|address)|inactive (?:user|mailbox|account|recipient)|temporarily (?:unavailable|locked|disabled)"
            r"|suspended|dormant|account .{0,20}closed"
        ),
    ),
    (
        BounceKind.SOFT,  # not reached, not yet, or broken on their side
        (
            r"timed? ?out|time-?out|expired|connection (?:refused|reset|lost|dropped|closed)|unable to deliver in"
            r"|too long"
            r"|delivery failed \d+ attempts|did not accept our requests to connect|could not connect|couldn't connect"
            r"|not responding|no route|network (?:is )?unreachable|lost connection|socket error|try (?:again )?later"
            r"|temporar(?:y|ily)|retry time|greylist|graylist|deferred|delayed|will be retried|queue too long"
            r"|service (?:currently )?(?:unavailable|not available|refus)|system (?:error|config|problem|resources)"
            r"|internal (?:server )?error|mailer error|pipe to|command (?:died|failed|output|not)|x-unix|local error"
            r"|configuration error|resources|out of memory|i/o error|input/output|cannot open|can't (?:open|create)"
            r"|being processed|still (?:trying|being)|server (?:is )?busy|busy"
        ),
    ),
    (
        BounceKind.HARD,  # no such domain, or it takes no mail at all
        (
            r"host (?:or domain name )?(?:not found|unknown)|unknown (?:host|domain)|unrouteable"
            r"|unroutable|unresolvable"
            r"|no such (?:host|domain)|domain (?:name )?(?:does not|doesn't|not) (?:exist|found)|domain must exist|bad "
            r"destination (?:host|system)|dns (?:lookup )?(?:failure|error)|\bnxdomain|name service error"
            r"|no (?:valid )?mx\b"
            r"|mail exchanger|null ?mx|does(?:n't| not) accept (?:any )?mail|not accept(?:ing)? (?:network )?(?:mail"
            r"|messages)"
            r"|system not accepting|nullmx|couldn't find any host|can't find any host|illegal host|invalid (?:domain"
            r"|host)"
            r"|host .{0,60}not found|domain .{0,60}(?:is )?(?:invalid|unknown)"
        ),
    ),
    (
        BounceKind.HARD,  # no such mailbox
        (
            r"user unknown|unknown (?:user|recipient|address|local|mailbox|account|to address)|(?:user|recipient"
            r"|mailbox|account"
            r"|address|addressee|customer|subscriber|member|person|alias)[^.;]{0,70}(?:does ?n.?t exist"
            r"|does not (?:exist|have)"
            r"|doesn.t have|not (?:exist|found|known|recogni[sz]ed|listed|local|our customer|valid|here|in)"
            r"|unknown|invalid|isn.t|no longer|non-?exist|nicht)|no such (?:user|recipient|person|mailbox"
            r"|account|address"
            r"|addressee|local|id|email|member|customer)|(?:not|isn't|aren't|no) (?:a |our )?(?:valid |known |local "
            r"|customer)?"
            r"(?:mailbox|user|recipient|address|account|customer)\b|no mailbox|no account|mailbox (?:unavailable"
            r"|not found|"
            r"unknown|name not allowed)|(?:invalid|bad|undeliverable|nonexistent|non-existent|illegal|incorrect|wrong"
            r"|empty) "
            r"(?:final delivery )?(?:destination )?(?:user|recipient|address|mailbox|account|login"
            r"|envelope|email|local)"
            r"|recipientnotfound|recipient address rejected|recipient rejected|is not (?:a )?(?:known|valid)"
            r"|does not exist"
            r"|has (?:moved|changed|left)|(?:no longer|not) (?:on|at|with|in) (?:this |our |the )?(?:server|system"
            r"|company|domain)"
            r"|recipient no longer|unknown:|not (?:listed|found) in|can'?t find|cannot find|could not be found"
            r"|nobody here"
            r"|address (?:unknown|rejected|error)|destinataire in(?:valide|connu)|inconnu|desconocid"
            r"|no existe|não existe"
            r"|existiert nicht|unbekannt|ukendt|okänd|inesistente|sconosciuto|onbekend|bestaat niet|finns inte"
            r"|user .{0,60}not .{0,20}exist|not a (?:valid|active) (?:mailbox|user|account)|rejected recipient"
        ),
    ),
)
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _WORDS)
_STATUS = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,4})(?![\d.])")
_REPLY = re.compile(r"(?<![\d.])([45][0-5]\d)(?:[ :-]|$)")
_SAYS_NOTHING = re.compile(r"^[45]\.0\.\d+$|^[45]\.3\.0$|^5\.1\.0$")
_CODES: tuple[tuple[str, BounceKind], ...] = (
    (r"5\.1\.(?:1|2|3|4|6|10)$|5\.4\.4$|5\.1\.351$", BounceKind.HARD),
    (r"5\.1\.[78]$|5\.7\.|5\.4\.310$|5\.1\.9$", BounceKind.POLICY),
    (r"5\.6\.|5\.3\.4$|5\.2\.3$|5\.4\.6$|5\.5\.", BounceKind.CONTENT),
    (r"4\.|5\.2\.|5\.3\.|5\.4\.", BounceKind.SOFT),
)
# Said to refuse senders, too, by phone carriers, filters and Yahoo: without a code of 5.1.x it ends no address.
_BARE = re.compile(r"user doesn.t have an? |(?<!no such )\b(?:user unknown|unknown user)\b(?! in )", re.IGNORECASE)
_PROVEN = re.compile(r"no such|not found|does ?n.t exist|does not exist|invalid|no mailbox", re.IGNORECASE)
_NAMES_IT = re.compile(r"55\d <[^\s<>@]+@[^\s<>]+>: user unknown", re.IGNORECASE)  # as Postfix says it
_NOWHERE = re.compile(
    r"host (?:\S+ )?does not accept mail|check if address is correct|account or domain may not exist"
    r"|no smtp service|unknown (?:user|recipient) or host",
    re.I,
)
_NEVER_TAKES_MAIL = re.compile(r"(?<![\d.])(?:521|556)[ -]")  # RFC 7504: this host accepts no mail
_NAMED = re.compile(r"[^\s<>()]+@[^\s<>()]+|https?://\S+|\[?\d{1,3}(?:\.\d{1,3}){3}\]?")


def status_in(text: str) -> str:
    """The most telling status code of RFC 3463 in a text, "" if there is none."""
    found = _STATUS.findall(text)
    told = [one for one in found if not _SAYS_NOTHING.match(one)]
    return str((told or found or [""])[0])


def kind_of(status: str, words: str, *, action: str = "", stage: str = "") -> BounceKind:
    """What one refusal means.

    ``status`` is the code of RFC 3463, ``words`` the server's, ``action`` the report's (RFC 3464 2.3.3), ``stage``
    the command that was refused, where known: "data" is a verdict on the message, whatever the words say.
    """
    if action == "delayed":
        return BounceKind.DELAYED
    plain = _NAMED.sub(" ", words)
    if _NOWHERE.search(plain) and not status.startswith("4."):
        return BounceKind.HARD
    worded = next((kind for kind, pattern in _PATTERNS if pattern.search(plain)), None)
    coded = next((kind for pattern, kind in _CODES if re.match(pattern, status)), None)
    if _NEVER_TAKES_MAIL.search(plain) and not status.startswith(("4.", "5.7.")):
        return BounceKind.HARD
    if status.startswith("4."):
        return worded if worded in (BounceKind.POLICY, BounceKind.CONTENT) else BounceKind.SOFT
    if status and not _SAYS_NOTHING.match(status) and coded is not None:
        return _weighed(coded, worded, status)
    if worded is BounceKind.HARD and stage == "data":
        return BounceKind.CONTENT
    if worded is BounceKind.HARD and _BARE.search(plain) and not (_PROVEN.search(plain) or _NAMES_IT.search(words)):
        return BounceKind.SOFT
    return worded or coded or BounceKind.SOFT


def _weighed(coded: BounceKind, worded: BounceKind | None, status: str) -> BounceKind:
    """A code that speaks, against the words beside it: codes decide unless servers are known to misuse them."""
    if worded is None or worded is coded:
        return coded
    if coded is BounceKind.HARD:  # 5.1.1 is also said of full mailboxes and of senders nobody wants
        return worded
    if worded is BounceKind.HARD:  # "user unknown" under a code that says something else
        return BounceKind.HARD if status in {"5.2.1", "5.4.1", "5.5.0"} else coded
    return worded
