#!/usr/bin/env python3
"""Tries to get into the simulated server by what is not right.

    intruders.py URL USER PASSWORD [OTHER OTHER_PASSWORD]

URL is that of a server with the schemes negotiate and kerberos, or negotiate alone. With OTHER, who
is another person of the realm, Kerberos is tried too; KRB5_CONFIG names the realm, the service is
HTTP/localhost. Prints one line a check; ends with 1 when one of them got in.
"""

import base64
import http.client
import random
import struct
import sys
from urllib.parse import urlsplit

import spnego

IDENTIFY = (
    '<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body><i:Identify '
    'xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd"/></s:Body></s:Envelope>'
).encode()
KIND = (
    'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";'
    'boundary="Encrypted Boundary"'
)


class Peer:
    """One connection."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)

    def post(self, headers, body=b""):
        """Status, token and body; the status 0 when the connection was closed."""
        try:
            self.connection.request("POST", "/wsman", body, headers)
            answer = self.connection.getresponse()
            content = answer.read()
        except (http.client.HTTPException, ConnectionError):
            self.connection.close()
            return 0, b"", b""
        offered = answer.getheader("WWW-Authenticate") or ""
        scheme, _, token = offered.partition(" ")
        is_token = scheme in ("Negotiate", "Kerberos") and token and "," not in token
        return answer.status, base64.b64decode(token) if is_token else b"", content

    def token(self, token, scheme="Negotiate"):
        value = f"{scheme} {base64.b64encode(token).decode()}"
        return self.post({"Authorization": value})

    def log_in(self, client):
        token = client.step()
        while token:
            status, answer, _ = self.token(token)
            if not answer:
                return status
            token = client.step(answer)
        return status

    def sealed(self, client, change=lambda body: body, times=1):
        head, data, padding = client.wrap_winrm(IDENTIFY)
        assert padding == 0
        body = (
            b"--Encrypted Boundary\r\n\tContent-Type: application/HTTP-SPNEGO-session-encrypted\r\n"
            b"\tOriginalContent: type=application/soap+xml;charset=UTF-8;Length="
            + str(len(IDENTIFY)).encode()
            + b"\r\n--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
            + struct.pack("<I", len(head)) + head + data
            + b"--Encrypted Boundary--\r\n"
        )
        body = change(body)
        for _ in range(times):
            got = self.post({"Content-Type": KIND}, body)
        return got


def flipped(at):
    def change(body):
        body = bytearray(body)
        body[at] ^= 1
        return bytes(body)

    return change


def main(arguments):
    url, user, password, *other = arguments
    bad = 0

    def check(name, got, expected):
        nonlocal bad
        is_good = got in expected
        bad += not is_good
        print(f"{'ok  ' if is_good else 'FAIL'} {name}: {got}")

    def client(protocol, name=user, secret=password):
        return spnego.client(
            name, secret, hostname="localhost", service="HTTP", protocol=protocol,
            options=spnego.NegotiateOptions.wrapping_winrm,
        )

    protocols = ["kerberos", "negotiate"] if other else ["ntlm", "negotiate"]
    for protocol in protocols:
        for at, what in [(-40, "document"), (-60 - len(IDENTIFY), "signature")]:
            peer, context = Peer(url), client(protocol)
            check(f"{protocol}: logs in", peer.log_in(context), [200])
            check(f"{protocol}: a sealed request", peer.sealed(context)[0], [200])
            check(f"{protocol}: a changed {what}", peer.sealed(context, flipped(at))[0], [400])
            check(f"{protocol}: once more", peer.sealed(context)[0], [401])
        peer, context = Peer(url), client(protocol)
        check(f"{protocol}: logs in", peer.log_in(context), [200])
        check(f"{protocol}: a request sent twice", peer.sealed(context, times=2)[0], [400])
        check(f"{protocol}: a sealed request of nobody", Peer(url).sealed(context)[0], [401])

    if other:
        token = client("kerberos").step()
        for scheme in ("Negotiate", "Kerberos"):
            # The first of them is taken, and the same token never again, in whichever wrapping.
            expected = [200] if scheme == "Negotiate" else [401]
            check(f"a ticket under {scheme}", Peer(url).token(token, scheme)[0], expected)
        check("the same ticket again", Peer(url).token(token)[0], [401])
        token = client("negotiate").step()
        check("a ticket within SPNEGO", Peer(url).token(token)[0], [200])
        check("the same ticket again", Peer(url).token(token)[0], [401])
        at = token.find(bytes.fromhex("06092a864886f7120102020100"))
        inner = token[at:]
        length = len(inner)
        outer = b"\x60\x82" + struct.pack(">H", length) + inner
        check("the same ticket without SPNEGO", Peer(url).token(outer)[0], [401])
        for protocol in protocols:
            status = Peer(url).log_in(client(protocol, *other))
            check(f"{protocol}: another person's ticket", status, [401])
        for at in range(1, 150, 7):
            token = bytearray(client("kerberos").step())
            token[-at] ^= 0x10
            check(f"a changed ticket, {at} bytes from its end", Peer(url).token(token)[0], [401])

    chance = random.Random(20030801)
    seeds = [client(protocol).step() for protocol in protocols]
    got = {}
    for number in range(400):
        token = bytearray(seeds[number % len(seeds)])
        for _ in range(chance.randrange(1, 5)):
            token[chance.randrange(min(len(token), 120))] = chance.randrange(256)
        if chance.random() < 0.3:
            del token[chance.randrange(len(token)):]
        status, answer, _ = Peer(url).token(token)
        got[status] = got.get(status, 0) + 1
    # Not every change is one that matters to a first token; a ticket counts once in any case.
    check("garbage", "let in" if got.get(200, 0) > 2 else "kept out", ["kept out"])
    print(got)
    check("still serves", Peer(url).log_in(client(protocols[0])), [200])
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
