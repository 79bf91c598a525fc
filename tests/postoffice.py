"""A real mail server for a test: Postfix and Dovecot from Debian's packages, on loopback, in a folder of their own."""

from __future__ import annotations

import datetime
import ipaddress
import os
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from imap_tools import MailBox

from tests.houses import free_port

PASSWORD = "a password of this test"
POSTFIX, DOVECOT = shutil.which("postfix"), shutil.which("dovecot")
MISSING = "" if POSTFIX and DOVECOT and Path("/usr/lib/dovecot/lmtp").exists() else "Postfix and Dovecot are not here"
NEEDS = MISSING or ("" if os.geteuid() == 0 else "Postfix starts as root only")
SERVICES = """
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
postlog unix-dgram n - n - 1 postlogd
"""
MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/mail.log
maillog_file_prefixes = {folder}
myhostname = mx.northgate.example
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.2/32
virtual_mailbox_domains = {domains}
virtual_transport = lmtp:unix:{folder}/run/lmtp
smtpd_reject_unlisted_recipient = no
smtpd_relay_restrictions = permit_sasl_authenticated, permit_auth_destination, reject
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_tls_cert_file = {folder}/server.pem
smtpd_tls_key_file = {folder}/server.key
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {folder}/run/sasl
in_flow_delay = 0
alias_maps =
"""
DOVE = """
protocols = imap lmtp
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
listen = 127.0.0.1
mail_location = maildir:{folder}/mail/%u
mail_uid = mail
mail_gid = mail
first_valid_uid = 1
ssl = required
ssl_cert = <{folder}/server.pem
ssl_key = <{folder}/server.key
auth_mechanisms = plain login
auth_failure_delay = 0
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = passwd-file
  args = {folder}/users
}}
namespace inbox {{
  inbox = yes
  mailbox "Sent Items" {{
    special_use = \\Sent
    auto = create
  }}
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imap}
    ssl = yes
  }}
}}
service lmtp {{
  unix_listener lmtp {{
    mode = 0666
  }}
}}
service auth {{
  unix_listener sasl {{
    mode = 0666
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
"""


@dataclass(frozen=True)
class PostOffice:
    """Where the servers listen, and the certificate that they show."""

    folder: Path
    smtp: int
    imap: int

    @property
    def certificate(self) -> Path:
        return self.folder / "server.pem"

    def _context(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    @contextmanager
    def box(self, user: str) -> Iterator[MailBox]:
        """Somebody's mailbox, as their own mail program opens it."""
        opened = MailBox("localhost", self.imap, timeout=20, ssl_context=self._context())
        with opened.login(user, PASSWORD) as found:
            yield found

    def mails(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """The bytes of all mails in somebody's folder, oldest first."""
        with self.box(user) as box:
            box.folder.set(folder, readonly=True)
            _, data = box.client.fetch("1:*", "(BODY.PEEK[])") if box.uids() else ("", [])
            return [one[1] for one in data if isinstance(one, tuple)]

    def until(self, user: str, number: int, seconds: float = 15) -> list[bytes]:
        """The mails in somebody's inbox, once there are so many."""
        deadline = time.monotonic() + seconds
        while len(found := self.mails(user)) < number:
            assert time.monotonic() < deadline, f"{len(found)} of {number} mails for {user}\n{self.log()}"
            time.sleep(0.1)
        return found

    def send(self, sender: str, message: EmailMessage) -> None:
        """Send as somebody's own mail program does: STARTTLS, their password, one message."""
        with smtplib.SMTP("localhost", self.smtp, timeout=20) as smtp:
            smtp.starttls(context=self._context())
            smtp.login(sender, PASSWORD)
            smtp.send_message(message, from_addr=sender)

    def append(self, user: str, folder: str, content: bytes) -> None:
        """Put a mail into a folder, as mail programs keep what they sent."""
        with self.box(user) as box:
            box.append(content, folder, flag_set=["\\Seen"])

    def renumber(self, user: str) -> None:
        """Lose the numbers of somebody's inbox, as a server does that was restored: it makes new ones."""
        for path in (self.folder / "mail" / user).glob("dovecot*"):
            path.unlink()

    def log(self) -> str:
        held = [self.folder / "mail.log", self.folder / "dovecot.log", self.folder / "out.log"]
        return "\n".join(one.read_text()[-3000:] for one in held if one.exists())


@contextmanager
def post_office(users: Collection[str]) -> Iterator[PostOffice]:
    """A mail server with these mailboxes; anybody else at their domains is unknown to it, but learns so by a bounce."""
    folder = Path(tempfile.mkdtemp(prefix="fourfold-mail-", dir="/tmp"))  # Postfix wants a short path, open to all
    folder.chmod(0o755)
    office = PostOffice(folder, free_port(), free_port())
    started: list[subprocess.Popen[bytes]] = []
    before = os.umask(0o022)  # the servers' own users must get at what is written here
    try:
        _write(office, users)
        with (folder / "out.log").open("wb") as out:
            dovecot = [DOVECOT or "", "-F", "-c", str(folder / "dovecot.conf")]
            postfix = [POSTFIX or "", "-c", str(folder / "postfix"), "start-fg"]
            started.append(subprocess.Popen(dovecot, stdout=out, stderr=out, start_new_session=True))
            started.append(subprocess.Popen(postfix, stdout=out, stderr=out, start_new_session=True))
        _wait(lambda: _answers(office.smtp) and _answers(office.imap), office)
        os.umask(before)
        yield office
    finally:
        os.umask(before)
        _stop(folder, started)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(folder: Path, started: Collection[subprocess.Popen[bytes]]) -> None:
    with suppress(OSError, ValueError):  # Postfix's master leaves the session it was started in
        os.kill(int((folder / "queue/pid/master.pid").read_text()), signal.SIGTERM)
    for process in started:
        with suppress(OSError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)


def _write(office: PostOffice, users: Collection[str]) -> None:
    folder = office.folder
    for name in ("postfix", "queue", "data", "mail", "state"):
        (folder / name).mkdir()
    shutil.chown(folder / "data", "postfix", "postfix")
    shutil.chown(folder / "mail", "mail", "mail")
    _make_certificate(folder)
    home = folder / "mail"
    lines = [f"{one}:{{PLAIN}}{PASSWORD}:mail:mail::{home}/{one}::" for one in users]
    (folder / "users").write_text("\n".join(lines) + "\n")
    domains = ", ".join(sorted({one.partition("@")[2] for one in users}))
    (folder / "postfix/main.cf").write_text(MAIN.format(folder=folder, domains=domains))
    (folder / "postfix/master.cf").write_text(f"127.0.0.1:{office.smtp} inet n - n - - smtpd{SERVICES}")
    (folder / "dovecot.conf").write_text(DOVE.format(folder=folder, imap=office.imap))


def _make_certificate(folder: Path) -> None:
    """A certificate that the server signs itself, for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    begin = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(begin)
        .not_valid_after(begin + datetime.timedelta(days=36_500)).add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    (folder / "server.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    held = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.key").write_bytes(held)
    (folder / "server.key").chmod(0o600)


def _answers(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _wait(true: Callable[[], bool], office: PostOffice) -> None:
    deadline = time.monotonic() + 15
    while not true():
        assert time.monotonic() < deadline, office.log()
        time.sleep(0.05)
