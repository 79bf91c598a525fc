"""Was it a machine that followed this link? Mail scanners and previews follow links long before anybody reads.

The names are those that scanners, previews and crawlers publish or are widely known to send. A scanner that poses as
a browser gives itself away by haste: it comes within seconds of delivery, or takes many links of one message at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from fourfold.contact.types.events import MachineVerdict, Seen

AT_ONCE = timedelta(seconds=5)
"""Nobody reads and clicks within this time of delivery."""
BURSTS = ((timedelta(seconds=1), 2), (timedelta(seconds=5), 3), (timedelta(seconds=20), 6))
"""(within, different links): more than a hand does."""
WINDOW = max(within for within, _ in BURSTS)
CLOCKS = timedelta(minutes=2)
"""By how much two clocks may differ before “before it left” says nothing."""

# What a user agent names → what it is. Matched anywhere in it, whatever the case.
SCANNERS: dict[str, str] = {
    "barracuda": "Barracuda's mail scanner",
    "bitdefender": "Bitdefender's scanner",
    "checkpoint": "Check Point's mail scanner",
    "cloudmark": "Cloudmark's mail scanner",
    "fireeye": "FireEye's mail scanner",
    "fortimail": "FortiMail's scanner",
    "fortigate": "FortiGate's scanner",
    "google-safety": "Google's link scanner",
    "google-read-aloud": "Google's reader",
    "googleimageproxy": "Gmail's picture proxy",
    "hornetsecurity": "Hornetsecurity's mail scanner",
    "ironport": "Cisco's mail scanner",
    "kaspersky": "Kaspersky's scanner",
    "mailmarshal": "MailMarshal",
    "mcafee": "McAfee's scanner",
    "messagelabs": "Symantec's mail scanner",
    "microsoft office existence discovery": "Outlook's link check",
    "microsoft office protocol discovery": "Outlook's link check",
    "mimecast": "Mimecast's mail scanner",
    "msofficelinkpreview": "Outlook's link preview",
    "paloalto": "Palo Alto's scanner",
    "proofpoint": "Proofpoint's mail scanner",
    "safelinks": "Microsoft's link scanner",
    "scanmail": "Trend Micro's mail scanner",
    "skypeuripreview": "Teams' link preview",
    "sophos": "Sophos' mail scanner",
    "symantec": "Symantec's mail scanner",
    "tmufe": "Trend Micro's link scanner",
    "trendmicro": "Trend Micro's scanner",
    "trustwave": "Trustwave's mail scanner",
    "urlscan": "urlscan",
    "virustotal": "VirusTotal",
    "websense": "Forcepoint's scanner",
    "forcepoint": "Forcepoint's scanner",
    "yahoomailproxy": "Yahoo's picture proxy",
    "zscaler": "Zscaler's scanner",
}
PREVIEWS: dict[str, str] = {
    "bitlybot": "a link preview",
    "bingpreview": "Bing's link preview",
    "discordbot": "Discord's link preview",
    "embedly": "a link preview",
    "facebookexternalhit": "Facebook's link preview",
    "facebot": "Facebook's link preview",
    "google-pagerenderer": "Google's link preview",
    "iframely": "a link preview",
    "linkedinbot": "LinkedIn's link preview",
    "mattermost": "Mattermost's link preview",
    "pinterestbot": "Pinterest's link preview",
    "redditbot": "Reddit's link preview",
    "slack-imgproxy": "Slack's link preview",
    "slackbot": "Slack's link preview",
    "telegrambot": "Telegram's link preview",
    "twitterbot": "X's link preview",
    "whatsapp/": "WhatsApp's link preview",
}
TOOLS: dict[str, str] = {
    "aiohttp": "a program",
    "apache-httpclient": "a program",
    "axios/": "a program",
    "curl/": "a program",
    "electronic mail scanner": "a mail scanner",
    "go-http-client": "a program",
    "guzzlehttp": "a program",
    "headlesschrome": "a browser without a screen",
    "httpx": "a program",
    "java/": "a program",
    "libwww-perl": "a program",
    "node-fetch": "a program",
    "okhttp": "a program",
    "phantomjs": "a browser without a screen",
    "playwright": "a browser without a screen",
    "postmanruntime": "a program",
    "powershell": "a program",
    "puppeteer": "a browser without a screen",
    "python-requests": "a program",
    "python-urllib": "a program",
    "scrapy": "a program",
    "selenium": "a browser without a screen",
    "wget": "a program",
    "winhttp": "a program",
}
KNOWN = SCANNERS | PREVIEWS | TOOLS
NAMED = re.compile("|".join(re.escape(name) for name in sorted(KNOWN, key=len, reverse=True)), re.IGNORECASE)
GENERIC = re.compile(
    r"(?<![a-z])(?:[a-z0-9_.-]*(?:bot|crawler|spider|scanner|archiver|monitor|preview|prefetch|fetcher))(?![a-z])",
    re.IGNORECASE,
)
NOT_BOTS = re.compile(r"\bcubot\b", re.IGNORECASE)  # a make of telephones


def verdict(seen: Seen) -> MachineVerdict:
    """Whether a machine made it, and the first reason that says so.

    An opening is judged by who asks alone: pictures are fetched by proxies at their own time.
    """
    named = who(seen.user_agent)
    if seen.method == "HEAD":
        return MachineVerdict(True, "asked for the headers only")
    if named:
        return MachineVerdict(True, named)
    if seen.told:
        return MachineVerdict(True, "the provider says so")
    if seen.opened:
        return MachineVerdict(False)
    if seen.left_at is not None and seen.left_at - CLOCKS <= seen.at < seen.left_at + AT_ONCE:
        return MachineVerdict(True, f"within {AT_ONCE.seconds} seconds of delivery")
    return MachineVerdict(bool(found := burst(seen.at, seen.others)), found)


@lru_cache(maxsize=4096)
def who(user_agent: str) -> str:
    """The machine that a user agent names, in words; "" for one that looks like a browser."""
    text = user_agent.strip()
    if len(text) < 10:
        return "names no browser"
    found = NAMED.search(text)
    if found:
        return KNOWN[found.group().lower()]
    generic = GENERIC.search(NOT_BOTS.sub("", text))
    return f"calls itself {generic.group()[:40]}" if generic else ""


def burst(at: datetime, others: Sequence[tuple[datetime, str]]) -> str:
    """Whether this click is one of a run of different links of one message that no hand makes; in words, or ""."""
    if len({url for _, url in others}) < min(most for _, most in BURSTS):
        return ""  # one link followed again and again, which may be very often
    for within, most in BURSTS:
        near = sorted((when, url) for when, url in others if abs(when - at) <= within)
        for start, _ in near:
            urls = {url for when, url in near if start <= when <= start + within}
            if len(urls) >= most and start <= at <= start + within:
                return f"{len(urls)} links of one message within {within.seconds} s"
    return ""
