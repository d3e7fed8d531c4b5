"""Stands in for Samba's ntlm_auth, which Wine asks for the NTLM tokens of the logged-on user.

Samba knows that user from a domain; this knows one user from a file: name and password, one a line.
The messages are pyspnego's. Only the part of a client is here (ntlmssp-client-1).
"""

import base64
import struct
import sys

import spnego
from spnego import ContextReq, NegotiateOptions


def main() -> None:
    if "--version" in sys.argv:
        print("Version 4.17.12")
        return
    with open(sys.argv[1], encoding="utf-8") as file:
        user, password = file.read().splitlines()[:2]
    context = spnego.client(
        user,
        password,
        hostname="localhost",
        service="http",
        protocol="ntlm",
        context_req=ContextReq.default | ContextReq.confidentiality | ContextReq.integrity,
        options=NegotiateOptions.use_ntlm | NegotiateOptions.session_key,
    )
    flags = 0
    for line in sys.stdin:
        command, _, value = line.strip().partition(" ")
        if command == "YR":
            answer = "YR " + encode(context.step())
        elif command == "TT":
            token = context.step(base64.b64decode(value))
            (flags,) = struct.unpack_from("<I", token, 60)
            answer = "KK " + encode(token)
        elif command == "GF":
            answer = f"GF 0x{flags:08x}"
        elif command == "GK":
            answer = "GK " + encode(context.session_key)
        elif command in ("SF", "PW"):
            answer = "OK"
        else:
            answer = "BH"
        print(answer, flush=True)


def encode(token: bytes) -> str:
    return base64.b64encode(token).decode("ascii")


main()
