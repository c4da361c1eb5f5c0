//! What the program was told: flags over environment over file over defaults. Plain checked data; nothing is opened here.

mod layers;
mod limits;
mod network;
mod settings;

pub use layers::Layers;
pub use limits::Limits;
pub use network::Network;
pub use settings::Config;
pub use settings::Error;
pub use settings::LogFormat;
