//! The product from outside: the real program, against the simulator and against software that was
//! not written here.

mod check;
mod cli;
mod events;
mod interop;
mod scenarios;
mod support;
