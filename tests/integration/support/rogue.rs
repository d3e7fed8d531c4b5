//! Servers that are not what they seem.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long a rogue holds a connection on which nothing happens.
const PATIENCE: Duration = Duration::from_mins(2);

/// A server on a free port of this machine that treats every connection in the same way.
#[derive(Debug)]
pub struct Rogue {
    port: u16,
}

impl Rogue {
    /// Accepts connections and hands each, after the head of its first request, to `answer`.
    pub fn answering(answer: impl Fn(&mut TcpStream) + Send + Sync + 'static) -> Self {
        Self::start(move |mut stream| {
            read_head(&mut stream);
            answer(&mut stream);
        })
    }

    /// Accepts connections and speaks first, as a mail server does.
    pub fn greeting(greeting: &'static str) -> Self {
        Self::start(move |mut stream| {
            // A client that has gone needs no greeting.
            stream.write_all(greeting.as_bytes()).ok();
            drain(&mut stream);
        })
    }

    /// Answers every request with this status line and body, and closes the connection.
    pub fn saying(status: &'static str, content_type: &'static str, body: String) -> Self {
        Self::answering(move |stream| {
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {}\r\n\
                 Connection: close\r\n\r\n",
                body.len()
            );
            // A client that has gone needs no answer.
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(body.as_bytes()).ok();
            drain(stream);
        })
    }

    fn start(serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let serve = Arc::new(serve);
        let accept = move || {
            for stream in listener.incoming().flatten() {
                let serve = Arc::clone(&serve);
                stream
                    .set_read_timeout(Some(PATIENCE))
                    .expect("a socket has a time-out");
                named("rogue connection", move || serve(stream));
            }
        };
        named("rogue", accept);
        Self { port }
    }

    /// Its address for the command line, with `http` or `https`.
    pub fn url(&self, scheme: &str) -> String {
        format!("{scheme}://localhost:{}/wsman", self.port)
    }
}

fn read_head(stream: &mut TcpStream) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.extend(byte);
    }
}

/// Reads what the client still sends, so that closing does not tear the answer away from it.
fn drain(stream: &mut TcpStream) {
    stream.shutdown(std::net::Shutdown::Write).ok();
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).ok();
}

fn named(name: &str, action: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(action)
        .expect("a thread can be started");
}
