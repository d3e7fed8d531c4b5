#!/usr/bin/env python3
"""Puts authentication that no one here wrote before a plain server of WS-Management.

    oracle.py BACKEND USER PASSWORD_VARIABLE [--protocol ntlm|negotiate|kerberos]
              [--tls CERTIFICATE KEY] [--fault FAULT] [--like-omi]

Listens on a free port of this machine and prints `listening on URL`. Signs clients on with
pyspnego: NTLM accounts come from NTLM_USER_FILE (DOMAIN:user:password), Kerberos keys from
KRB5_KTNAME. Every encrypted request is decrypted and passed on to BACKEND with Basic; its answer
goes back encrypted. Over TLS nothing is encrypted, and NTLM must be bound to the channel. Prints
a line for each sign-on and request.

With --like-omi it is as Microsoft's Open Management Infrastructure: it names itself so, ends the
connection on encrypted documents whose lines begin with a tab, writes none, ends each with a further
line, and knows classes only by the URIs of the DMTF with the selector __cimnamespace.

FAULT is one of: tamper (a bit of each answer is wrong), unsealed (answers without encryption),
deaf (cannot read encrypted documents), forget (refuses the second request of each connection),
close (ends each connection after one answer), replay (answers all requests as the first), short
(cuts the sealed part), basic (takes only Basic), mute (never proves itself), elsewhere (wants to
be bound to another channel).
"""

import argparse
import base64
import hashlib
import os
import re
import ssl
import sys
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import spnego
from spnego.channel_bindings import GssChannelBindings

SOAP = "application/soap+xml;charset=UTF-8"
BOUNDARY = b"--Encrypted Boundary"
KINDS = {"Negotiate": "HTTP-SPNEGO", "Kerberos": "HTTP-Kerberos"}
PRINTING = threading.Lock()


def say(line):
    with PRINTING:
        print(line, flush=True)


def unframe(body, like_omi):
    """The signature and the data of the second part."""
    if like_omi and b"\r\n\t" in body.split(b"octet-stream")[0]:
        raise ValueError("a tab")
    payload = re.split(rb"application/octet-stream\r\n", body, maxsplit=1)[1]
    payload = payload[: payload.rindex(BOUNDARY + b"--")]
    length = int.from_bytes(payload[:4], "little")
    return payload[4 : 4 + length], payload[4 + length :]


def frame(word, signature, data, length, like_omi):
    kind = f"application/{KINDS[word]}-session-encrypted"
    tab = "" if like_omi else "\t"
    head = (
        f"--Encrypted Boundary\r\n{tab}Content-Type: {kind}\r\n"
        f"{tab}OriginalContent: type={SOAP};Length={length}\r\n"
        f"--Encrypted Boundary\r\n{tab}Content-Type: application/octet-stream\r\n"
    )
    body = head.encode() + len(signature).to_bytes(4, "little") + signature + data
    return (
        f'multipart/encrypted;protocol="{kind}";boundary="Encrypted Boundary"',
        body + BOUNDARY + b"--\r\n" + (b"\r\n" if like_omi else b""),
    )


def unknown_class(body):
    """What OMI says to a URI that it does not know (recorded, see tests/fixtures/wsman)."""
    message = re.search(rb"MessageID[^>]*>([^<]*)<", body)[1].decode()
    return f"""<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"
      xmlns:wsa="http://schemas.xmlsoap.org/ws/2004/08/addressing"><s:Header><wsa:Action
      >http://schemas.xmlsoap.org/ws/2004/08/addressing/fault</wsa:Action><wsa:MessageID>uuid:1</wsa:MessageID
      ><wsa:RelatesTo>{message}</wsa:RelatesTo></s:Header><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value
      ><s:Subcode><s:Value>wsa:DestinationUnreachable</s:Value></s:Subcode></s:Code><s:Reason><s:Text
      xml:lang="en-US">CIM ERROR:NOT_FOUND: The requested object cannot be found.</s:Text></s:Reason
      ></s:Fault></s:Body></s:Envelope>""".encode()


class Handler(BaseHTTPRequestHandler):
    """One connection: the security context lives as long as it does."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.context = None
        self.word = "Negotiate"
        self.requests = 0
        self.first = None

    def log_message(self, *_):
        pass

    def answer(self, status, body=b"", kind=SOAP, challenge=None):
        self.send_response(status)
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        options = self.server.options
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        authorization = self.headers.get("Authorization", "")
        if options.fault == "basic":
            self.basic(authorization, body)
        elif authorization.startswith(("Negotiate ", "Kerberos ")):
            self.sign_on(*authorization.split(" ", 1))
        elif self.context is None or not self.context.complete:
            scheme = authorization.split(" ")[0]
            say(f"nobody is signed on, {scheme or 'nothing'} came")
            self.answer(401, challenge=self.server.word)
        else:
            self.serve(body)

    def basic(self, authorization, body):
        if authorization.startswith("Basic "):
            say("basic")
            self.answer(*self.server.ask(body))
        else:
            self.answer(401, challenge='Basic realm="WSMAN"')

    def sign_on(self, word, token):
        if self.context is None or self.context.complete:
            self.context = self.server.context()
        self.word = word
        try:
            out = self.context.step(base64.b64decode(token))
        except Exception as error:
            say(f"sign-on refused {type(error).__name__}: {error}".replace("\n", " "))
            self.context = None
            self.answer(401, challenge=word)
            return
        challenge = f"{word} {base64.b64encode(out).decode()}" if out else None
        if not self.context.complete:
            self.answer(401, challenge=challenge or word)
            return
        if self.server.options.fault == "mute":
            challenge = None
        say(f"signed on {self.context.client_principal} {self.context.negotiated_protocol}")
        self.answer(200, challenge=challenge)

    def serve(self, body):
        options = self.server.options
        fault = options.fault
        self.requests += 1
        is_sealed = self.headers.get("Content-Type", "").startswith("multipart/encrypted")
        if fault == "deaf" and is_sealed:
            self.answer(415)
            return
        if fault == "forget" and self.requests > 1:
            say("forgotten")
            self.context = None
            self.answer(401, challenge=self.word)
            return
        if is_sealed:
            body = self.context.unwrap_winrm(*unframe(body, options.like_omi))
        operation = re.search(rb"/(\w+)</\w+:Action>", body)
        name = operation[1].decode() if operation else "Identify"
        say(f"{'sealed' if is_sealed else 'plain'} {name}")
        family = "cim" if b"__cimnamespace" in body else "wmi"
        if options.like_omi and name != "Identify":
            say(f"{family} {name}")
        if options.like_omi and name != "Identify" and family == "wmi":
            status, plain = 500, unknown_class(body)
        else:
            status, plain = self.server.ask(body)
        if options.like_omi and name == "Identify":
            plain = re.sub(rb"(ProductVendor>)[^<]*", rb"\1Open Management Infrastructure", plain)
        self.close_connection = fault == "close"
        if not is_sealed or fault == "unsealed":
            self.answer(status, plain)
            return
        sealed = self.context.wrap_winrm(plain)
        data = bytearray(sealed.data)
        if fault == "tamper":
            data[len(data) // 2] ^= 1
        if fault == "short":
            data = data[:3]
        kind, body = frame(self.word, sealed.header, bytes(data), len(plain), options.like_omi)
        if fault == "replay":
            self.first = self.first or body
            body = self.first
        self.answer(status, body, kind)


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, options):
        super().__init__(("127.0.0.1", 0), Handler)
        self.options = options
        self.word = "Kerberos" if options.protocol == "kerberos" else "Negotiate"
        self.binding = None
        if options.tls:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(*options.tls)
            self.socket = tls.wrap_socket(self.socket, server_side=True)
            with open(options.tls[0], encoding="ascii") as pem:
                der = ssl.PEM_cert_to_DER_cert(pem.read())
            der = b"" if options.fault == "elsewhere" else der
            data = b"tls-server-end-point:" + hashlib.sha256(der).digest()
            self.binding = GssChannelBindings(application_data=data)

    def handle_error(self, request, client_address):
        # A client that does not trust us, or a request that cannot be decrypted: the connection
        # ends, and the cause is told.
        say(f"broken {type(sys.exc_info()[1]).__name__}: {sys.exc_info()[1]}".replace("\n", " "))

    def context(self):
        return spnego.server(
            hostname="localhost",
            service="http",
            protocol=self.options.protocol,
            channel_bindings=self.binding,
        )

    def ask(self, body):
        """What the server behind says to a document."""
        secret = f"{self.options.user}:{os.environ[self.options.variable]}"
        headers = {
            "Authorization": "Basic " + base64.b64encode(secret.encode()).decode(),
            "Content-Type": SOAP,
        }
        request = urllib.request.Request(self.options.backend, body, headers)
        try:
            with urllib.request.urlopen(request) as reply:
                return reply.status, reply.read()
        except urllib.error.HTTPError as reply:
            return reply.code, reply.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("backend")
    parser.add_argument("user")
    parser.add_argument("variable")
    parser.add_argument("--protocol", default="negotiate")
    parser.add_argument("--tls", nargs=2)
    parser.add_argument("--fault")
    parser.add_argument("--like-omi", action="store_true")
    server = Server(parser.parse_args())
    scheme = "https" if server.options.tls else "http"
    say(f"listening on {scheme}://localhost:{server.server_port}/wsman")
    server.serve_forever()


if __name__ == "__main__":
    main()
