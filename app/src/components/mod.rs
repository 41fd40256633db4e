//! The parts that pages are made of.

mod banners;
mod beats;
mod chips;
mod event_list;
mod header;
mod help;
mod icon;
mod lane;
mod moment;
mod segments;
mod serving;
mod status;
mod toast;

pub(crate) use banners::Banners;
pub(crate) use beats::BeatBar;
pub(crate) use chips::Chips;
pub(crate) use event_list::{EventList, told};
pub(crate) use header::Header;
pub(crate) use help::Help;
pub(crate) use icon::Icon;
pub(crate) use lane::LaneBar;
pub(crate) use moment::{Ago, Moment, Precision};
pub(crate) use segments::{Segments, segments};
pub(crate) use serving::Serving;
pub(crate) use status::{StatusCell, Verdict, latency};
pub(crate) use toast::Toast;
