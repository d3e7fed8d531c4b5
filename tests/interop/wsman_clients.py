#!/usr/bin/env python3
"""Lets clients that no one here wrote use the simulated server.

    wsman_clients.py URL USER PASSWORD_VARIABLE [CLIENT ...]

URL is that of a running server with the scenario sample-sequences/demo-company.toml (any speed;
60 is pleasant), such as http://127.0.0.1:5985/wsman; PASSWORD_VARIABLE names the environment
variable that holds the password (letters, digits and hyphens: wsl hands it to a shell). CLIENT is
pypsrp, pywinrm or wsl, which use Basic; without it all three are used. pypsrp-ntlm,
pypsrp-negotiate, pypsrp-kerberos, pywinrm-ntlm and pywinrm-kerberos use that scheme instead, and
always encrypt what they send over HTTP. Kerberos needs KRB5_CONFIG, pywinrm also a ticket in the
cache of KRB5CCNAME; the service is named localhost.
The agent HR must be idle; each client runs one of its profiles.

Needs the packages pypsrp and pywinrm, and Debian's wsl, uuid-runtime and libxml2-utils. Prints one
line a check and ends with 0 if all passed, 1 if one failed, 2 if it was called wrongly.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import traceback
import uuid
import xml.etree.ElementTree as ET
from functools import partial
from urllib.parse import urlsplit

NAMESPACE = "root/MicrosoftIdentityIntegrationServer"
WMI = f"http://schemas.microsoft.com/wbem/wsman/1/wmi/{NAMESPACE}"
CIM = "http://schemas.dmtf.org/wbem/wscim/1/cim-schema/2"
WQL = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
AGENTS = ["AD", "HR", "MIM Service", "SQL"]

S = "http://www.w3.org/2003/05/soap-envelope"
A = "http://schemas.xmlsoap.org/ws/2004/08/addressing"
W = "http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd"
N = "http://schemas.xmlsoap.org/ws/2004/09/enumeration"
X = "http://schemas.xmlsoap.org/ws/2004/09/transfer"


class Check:
    """Counts what passed and what failed."""

    def __init__(self):
        self.failed = 0
        self.passed = 0

    def run(self, name, test):
        try:
            test()
        except Exception:
            self.failed += 1
            print(f"FAIL {name}")
            traceback.print_exc(file=sys.stdout)
        else:
            self.passed += 1
            print(f"ok   {name}")


def same(got, expected):
    if got != expected:
        raise AssertionError(f"got {got!r}, expected {expected!r}")


def holds(condition, text):
    if not condition:
        raise AssertionError(text)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


def properties(element):
    return {local(child): child.text or "" for child in element}


def found(tree, name):
    return [element for element in tree.iter() if local(element) == name]


# --- pypsrp ------------------------------------------------------------------------------------


def pypsrp_checks(check, url, user, password, scheme="basic"):
    from pypsrp.exceptions import AuthenticationError, WSManFaultError
    from krb5 import Krb5Error
    from pypsrp.wsman import WSMan, SelectorSet

    parts = urlsplit(url)
    how = {}
    if scheme != "basic":
        how = {"negotiate_hostname_override": "localhost", "negotiate_service": "HTTP"}
    encryption = "auto"
    if parts.scheme == "http":
        encryption = "never" if scheme == "basic" else "always"

    def connect(secret=password):
        return WSMan(
            parts.hostname,
            port=parts.port,
            ssl=parts.scheme == "https",
            cert_validation=False,
            auth=scheme,
            encryption=encryption,
            **how,
            username=user,
            password=secret,
            operation_timeout=30,
            read_timeout=40,
        )

    def body(text):
        return ET.fromstring(text)

    def invoke(method, agent="HR", **arguments):
        uri = f"{WMI}/MIIS_ManagementAgent"
        element = ET.Element(f"{{{uri}}}{method}_INPUT")
        for key, value in arguments.items():
            ET.SubElement(element, f"{{{uri}}}{key}").text = value
        selectors = SelectorSet()
        selectors.add_option("Name", agent)
        with connect() as client:
            answer = client.invoke(f"{uri}/{method}", uri, element, selector_set=selectors)
        return found(answer, "ReturnValue")[0].text or ""

    def pulled(uri, enumerate_xml, per_pull):
        items = []
        pulls = 0
        with connect() as client:
            answer = client.enumerate(uri, body(enumerate_xml))
            while True:
                items += [child for box in found(answer, "Items") for child in box]
                if found(answer, "EndOfSequence"):
                    return items, pulls
                context = found(answer, "EnumerationContext")[0].text
                pull = body(
                    f'<n:Pull xmlns:n="{N}"><n:EnumerationContext>{context}'
                    f"</n:EnumerationContext><n:MaxElements>{per_pull}</n:MaxElements></n:Pull>"
                )
                answer = client.pull(uri, pull)
                pulls += 1

    def class_in_pulls():
        items, pulls = pulled(
            f"{WMI}/MIIS_ManagementAgent", f'<n:Enumerate xmlns:n="{N}"/>', 1
        )
        same(sorted(properties(item)["Name"] for item in items), AGENTS)
        same(pulls, 4)

    def references():
        pairs, _ = pulled(
            f"{WMI}/MIIS_ManagementAgent",
            f'<n:Enumerate xmlns:n="{N}" xmlns:w="{W}">'
            "<w:EnumerationMode>EnumerateObjectAndEPR</w:EnumerationMode></n:Enumerate>",
            2,
        )
        same({local(pair) for pair in pairs}, {"Item"})
        for pair in pairs:
            instance, reference = pair
            kind = instance.get("{http://www.w3.org/2001/XMLSchema-instance}type")
            same(kind.rsplit(":", 1)[-1], "MIIS_ManagementAgent_Type")
            same(local(reference), "EndpointReference")
            selectors = SelectorSet()
            for selector in found(reference, "Selector"):
                selectors.add_option(selector.get("Name"), selector.text)
            uri = found(reference, "ResourceURI")[0].text
            with connect() as client:
                answer = client.get(uri, selector_set=selectors)
            again = found(answer, "MIIS_ManagementAgent")[0]
            same(properties(again), properties(instance))

    def wql():
        items, _ = pulled(
            f"{WMI}/*",
            f'<n:Enumerate xmlns:n="{N}" xmlns:w="{W}"><w:OptimizeEnumeration/>'
            f'<w:MaxElements>50</w:MaxElements><w:Filter Dialect="{WQL}">'
            "select * from MIIS_ManagementAgent where Type = 'FIM' or Name like 'S_L'"
            "</w:Filter></n:Enumerate>",
            50,
        )
        same(sorted(properties(item)["Name"] for item in items), ["MIM Service", "SQL"])

    def get():
        selectors = SelectorSet()
        selectors.add_option("name", "mim service")
        with connect() as client:
            answer = client.get(f"{WMI}/MIIS_ManagementAgent", selector_set=selectors)
        same(properties(found(answer, "MIIS_ManagementAgent")[0])["Type"], "FIM")

    def execute():
        before = int(invoke("RunNumber"))
        same(invoke("Execute", RunProfileName="Full Import"), "success")
        same(int(invoke("RunNumber")), before + 1)
        same(invoke("RunStatus"), "success")
        details = body(invoke("RunDetails"))
        same(details.find("run-details/run-number").text, str(before + 1))
        holds(int(details.find(".//stage-no-change").text) > 1000, "rows are counted")
        items, _ = pulled(
            f"{WMI}/*",
            f'<n:Enumerate xmlns:n="{N}" xmlns:w="{W}"><w:Filter Dialect="{WQL}">'
            f"select * from MIIS_RunHistory where MaName='HR' and RunNumber='{before + 1}'"
            "</w:Filter></n:Enumerate>",
            10,
        )
        same([properties(item)["RunProfile"] for item in items], ["Full Import"])
        same(properties(items[0])["RunStatus"], "success")

    def unknown_agent():
        try:
            invoke("RunStatus", agent="nobody")
        except WSManFaultError as fault:
            holds("nobody" in str(fault), str(fault))
        else:
            raise AssertionError("no fault")

    def wrong_password():
        try:
            with connect("wrong") as client:
                client.get(f"{WMI}/MIIS_ManagementAgent")
        except (AuthenticationError, Krb5Error):
            return
        raise AssertionError("it was let in")

    check.run("pypsrp: a class, one object a pull", class_in_pulls)
    check.run("pypsrp: objects with references that Get takes", references)
    check.run("pypsrp: WQL with a condition, optimized", wql)
    check.run("pypsrp: Get", get)
    check.run("pypsrp: Execute, details, run history", execute)
    check.run(
        "pypsrp: an unknown profile",
        lambda: same(
            invoke("Execute", RunProfileName="Nothing"), "no-start-unknown-profile-name"
        ),
    )
    check.run("pypsrp: an unknown agent", unknown_agent)
    check.run("pypsrp: a wrong password", wrong_password)


# --- pywinrm -----------------------------------------------------------------------------------


def pywinrm_checks(check, url, user, password, scheme="basic"):
    from winrm.exceptions import InvalidCredentialsError, WinRMTransportError
    from winrm.protocol import Protocol

    def send(uri, action, content, selectors=(), secret=password):
        chosen = "".join(
            f'<w:Selector Name="{name}">{value}</w:Selector>' for name, value in selectors
        )
        chosen = f"<w:SelectorSet>{chosen}</w:SelectorSet>" if chosen else ""
        message = (
            f'<s:Envelope xmlns:s="{S}" xmlns:a="{A}" xmlns:w="{W}" xmlns:n="{N}"><s:Header>'
            f"<a:To>{url}</a:To>"
            f'<w:ResourceURI s:mustUnderstand="true">{uri}</w:ResourceURI>'
            f'<a:ReplyTo><a:Address s:mustUnderstand="true">{A}/role/anonymous</a:Address>'
            f'</a:ReplyTo><a:Action s:mustUnderstand="true">{action}</a:Action>'
            f"<a:MessageID>{uuid.uuid4()}</a:MessageID>{chosen}"
            f"</s:Header><s:Body>{content}</s:Body></s:Envelope>"
        )
        protocol = Protocol(
            endpoint=url,
            transport=scheme,
            username=user,
            password=secret,
            message_encryption="never" if scheme == "basic" else "always",
            kerberos_hostname_override="localhost",
            server_cert_validation="ignore",
            operation_timeout_sec=30,
            read_timeout_sec=40,
        )
        protocol.transport.build_session()
        return ET.fromstring(protocol.transport.send_message(message))

    def invoke(method, agent, inner=""):
        uri = f"{CIM}/MIIS_ManagementAgent"
        answer = send(
            uri,
            f"{uri}/{method}",
            f'<q:{method}_INPUT xmlns:q="{uri}">{inner}</q:{method}_INPUT>',
            [("__cimnamespace", NAMESPACE), ("Name", agent)],
        )
        return found(answer, "ReturnValue")[0].text or ""

    def execute():
        profile = "<q:RunProfileName>delta import</q:RunProfileName>"
        before = int(invoke("RunNumber", "hr"))
        holds(invoke("Execute", "hr", profile) in ("success", "completed-no-objects"), "result")
        same(int(invoke("RunNumber", "HR")), before + 1)
        same(invoke("RunProfile", "HR"), "Delta Import")

    def wql():
        answer = send(
            f"{CIM}/*",
            f"{N}/Enumerate",
            f"<n:Enumerate><w:OptimizeEnumeration/><w:MaxElements>10</w:MaxElements>"
            f'<w:Filter Dialect="{WQL}">select Name from MIIS_ManagementAgent '
            'where not Type = "FIM"</w:Filter></n:Enumerate>',
            [("__cimnamespace", NAMESPACE)],
        )
        names = [element.text for element in found(answer, "Name")]
        same(sorted(names), ["AD", "HR", "SQL"])
        same(found(answer, "Type"), [])

    def bad_query():
        try:
            answer = send(
                f"{WMI}/*",
                f"{N}/Enumerate",
                f'<n:Enumerate><w:Filter Dialect="{WQL}">select from</w:Filter></n:Enumerate>',
            )
        except WinRMTransportError as error:
            holds("CannotProcessFilter" in str(error.response_text), str(error.response_text))
        else:
            raise AssertionError(ET.tostring(answer))

    def get():
        answer = send(
            f"{WMI}/MIIS_Server", f"{X}/Get", "", [("Name", "MIIS_Server1")]
        )
        same(found(answer, "Name")[0].text, "MIIS_Server1")

    def unknown_agent():
        try:
            invoke("RunStatus", "nobody")
        except WinRMTransportError as error:
            holds("DestinationUnreachable" in str(error.response_text), "another fault")
        else:
            raise AssertionError("no fault")

    def wrong_password():
        try:
            send(f"{WMI}/MIIS_Server", f"{X}/Get", "", [("Name", "x")], secret="wrong")
        except InvalidCredentialsError:
            return
        raise AssertionError("it was let in")

    check.run("pywinrm: Execute by the CIM family, any case", execute)
    check.run("pywinrm: WQL with a list of properties", wql)
    check.run("pywinrm: a bad query is a fault", bad_query)
    check.run("pywinrm: Get", get)
    check.run(
        "pywinrm: an unknown profile",
        lambda: same(
            invoke("Execute", "HR", "<q:RunProfileName>x</q:RunProfileName>"),
            "no-start-unknown-profile-name",
        ),
    )
    check.run("pywinrm: an unknown agent", unknown_agent)
    # With Kerberos it uses the ticket cache and no password.
    if scheme != "kerberos":
        check.run("pywinrm: a wrong password", wrong_password)


# --- wsl ---------------------------------------------------------------------------------------


def wsl_checks(check, url, user, password):
    def is_installed():
        for program in ("wslenum", "uuidgen", "xmllint", "curl"):
            holds(shutil.which(program), f"no {program}: run `bash tests/run` once")

    check.run("wsl: the programs are there", is_installed)
    if check.failed:
        return
    parts = urlsplit(url)
    # The programs keep their settings, requests and answers in these folders.
    folder = tempfile.mkdtemp(prefix="masequencer-wsl-")

    def call(program, arguments, secret=password):
        environment = dict(
            os.environ,
            WSENDPOINT=f"{parts.hostname}:{parts.port}",
            WSUSER=user,
            WSPASS=secret,
            WSNOSSL="true",
            WSAUTOMATED="1",
            KEEPHISTORY="0",
            WSENUMMAXELEM="2",
            HOME=folder,
        )
        done = subprocess.run(
            [program, *arguments],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.stdout + done.stderr

    def texts(output, name):
        return re.findall(rf"<[\w]*:?{name}(?: [^>]*)?>([^<]*)<", output)

    def enumerate_class():
        output = call("wslenum", [f"{WMI}/MIIS_ManagementAgent"])
        same(sorted(texts(output, "Name")), AGENTS)

    def wql():
        output = call(
            "wslenum",
            [f"{WMI}/*", "-dialect", WQL, "-filter",
             "select * from MIIS_ManagementAgent where Name='AD'"],
        )
        same(texts(output, "Name"), ["AD"])

    def invoke(method, agent, *arguments):
        uri = f"{WMI}/MIIS_ManagementAgent"
        instance = os.path.join(folder, "instance.xml")
        with open(instance, "w", encoding="utf-8") as file:
            file.write(
                "<wsa:EndpointReference>\n<wsa:ReferenceParameters>\n"
                f"<wsman:ResourceURI>{uri}</wsman:ResourceURI>\n"
                f'<wsman:SelectorSet>\n<wsman:Selector Name="Name">{agent}</wsman:Selector>\n'
                "</wsman:SelectorSet>\n</wsa:ReferenceParameters>\n</wsa:EndpointReference>\n"
            )
        return call("wslinvoke", [uri, method, *arguments, "-inst", instance])

    def execute():
        before = texts(invoke("RunNumber", "HR"), "ReturnValue")
        output = invoke("Execute", "HR", "RunProfileName=Delta Sync")
        same(texts(output, "ReturnValue"), ["success"])
        after = texts(invoke("RunNumber", "HR"), "ReturnValue")
        same(int(after[0]), int(before[0]) + 1)

    def references():
        uri = f"{WMI}/MIIS_ManagementAgent"
        for mode, names in (("epr", 0), ("objepr", len(AGENTS))):
            output = call("wslenum", [uri, "-mode", mode])
            same(len(texts(output, "Name")), names)
            same(sorted(texts(output, "Selector")), AGENTS)

    check.run("wsl: a class in several pulls", enumerate_class)
    check.run("wsl: references, alone and with objects", references)
    check.run("wsl: WQL with a condition", wql)
    check.run("wsl: Execute", execute)
    check.run(
        "wsl: an unknown profile",
        lambda: same(
            texts(invoke("Execute", "HR", "RunProfileName=x"), "ReturnValue"),
            ["no-start-unknown-profile-name"],
        ),
    )
    check.run(
        "wsl: an unknown agent",
        lambda: holds("DestinationUnreachable" in invoke("RunStatus", "nobody"), "no fault"),
    )
    check.run(
        "wsl: a wrong password",
        lambda: same(
            texts(call("wslenum", [f"{WMI}/MIIS_ManagementAgent"], "wrong"), "Name"), []
        ),
    )
    shutil.rmtree(folder, ignore_errors=True)


CLIENTS = {"pypsrp": pypsrp_checks, "pywinrm": pywinrm_checks, "wsl": wsl_checks}
SCHEMES = {
    f"{client}-{scheme}": partial(CLIENTS[client], scheme=scheme)
    for client, scheme in [
        ("pypsrp", "ntlm"),
        ("pypsrp", "negotiate"),
        ("pypsrp", "kerberos"),
        ("pywinrm", "ntlm"),
        ("pywinrm", "kerberos"),
    ]
}


def main(arguments):
    known = CLIENTS | SCHEMES
    if len(arguments) < 3 or any(name not in known for name in arguments[3:]):
        print(__doc__, file=sys.stderr)
        return 2
    url, user, variable, *wanted = arguments
    password = os.environ.get(variable)
    if not password:
        print(f"the variable {variable} holds no password", file=sys.stderr)
        return 2
    check = Check()
    for name in wanted or CLIENTS:
        known[name](check, url, user, password)
    print(f"{check.passed} passed, {check.failed} failed")
    return 1 if check.failed or not check.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
