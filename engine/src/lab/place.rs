//! The lab's directory beside the data file: private, and everything in it is the lab's.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use domain::{GroupName, LAB_BACKENDS, LabManners, ProxyName};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// A Unix socket's path may have 107 bytes, and HAProxy binds a longer one first: `.<pid>.tmp`.
const SOCKET_PATH_MAX: usize = 92;

/// What the lab has made.
const MANIFEST: &str = "lab.json";

/// The beginnings of the names of the lab's files; drafts of them and HAProxy's draft of its socket have an end.
const FILES: [&str; 5] = [MANIFEST, "server-", "haproxy.cfg", "admin.sock", "visit.sock"];

/// The directory of a lab.
#[derive(Clone, Debug)]
pub(super) struct Place(PathBuf);

/// What a lab has made or is about to make; written before it is made, so that nothing is left behind unseen.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    /// The ports of the servers, in the order of their numbers.
    pub(super) ports: [u16; LAB_BACKENDS as usize],
    /// The group of all servers, and the group for `/api/…`.
    pub(super) groups: [GroupName; 2],
    /// The proxy, where there is HAProxy.
    pub(super) proxy: Option<ProxyName>,
    /// The group in which standbys are compared, while that goes on.
    #[serde(default)]
    pub(super) compared: Option<GroupName>,
}

impl Manifest {
    /// The server of this number listens on this port.
    pub(super) fn set_port(&mut self, number: u8, port: u16) {
        if let Some(place) = number.checked_sub(1).and_then(|index| self.ports.get_mut(usize::from(index))) {
            *place = port;
        }
    }
}

/// What a server says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    /// Its process.
    pub(super) pid: u32,
    /// How it answers.
    pub(super) manners: LabManners,
}

impl Place {
    /// Where the lab of a data file is.
    pub(super) fn beside(database: &Path) -> PathBuf {
        let mut name = std::path::absolute(database).unwrap_or_else(|_| database.to_owned()).into_os_string();
        name.push("-lab");
        name.into()
    }

    /// A directory that is there, or will be.
    pub(super) fn at(directory: &Path) -> Self {
        Self(directory.to_owned())
    }

    /// Makes the directory, for this user alone.
    pub(super) fn make(&self) -> io::Result<()> {
        let socket = self.socket();
        let text = socket.to_str().ok_or_else(|| unusable("is no UTF-8"))?;
        if SOCKET_PATH_MAX < text.len() {
            return Err(unusable("is too long for a Unix socket"));
        }
        if text.contains(|c: char| c == '\'' || c.is_control()) {
            return Err(unusable("has a quote or a control character, which HAProxy cannot read"));
        }
        DirBuilder::new().mode(0o700).create(&self.0)
    }

    /// The directory.
    pub(super) fn directory(&self) -> &Path {
        &self.0
    }

    /// HAProxy's configuration.
    pub(super) fn haproxy_config(&self) -> PathBuf {
        self.0.join("haproxy.cfg")
    }

    /// HAProxy's admin socket.
    pub(super) fn socket(&self) -> PathBuf {
        self.0.join("admin.sock")
    }

    /// Where visitors ask while standbys are compared.
    pub(super) fn visit_socket(&self) -> PathBuf {
        self.0.join("visit.sock")
    }

    /// What the lab has made; none where there is no lab.
    pub(super) fn manifest(&self) -> io::Result<Option<Manifest>> {
        read(&self.manifest_file())
    }

    /// Whether the lab is still there.
    pub(super) fn has_manifest(&self) -> bool {
        self.manifest_file().exists()
    }

    /// Writes down what the lab is about to make.
    pub(super) fn write_manifest(&self, manifest: &Manifest) -> io::Result<()> {
        self.write(MANIFEST, &serde_json::to_string(manifest)?)
    }

    /// What a server says of itself; none where it has not said anything yet.
    pub(super) fn note(&self, number: u8) -> Option<Note> {
        read(&self.note_file(number)).ok().flatten()
    }

    /// What this server says of itself from now on.
    pub(super) fn write_note(&self, number: u8, note: &Note) -> io::Result<()> {
        self.write(&note_name(number), &serde_json::to_string(note)?)
    }

    /// Writes HAProxy's configuration.
    pub(super) fn write_haproxy_config(&self, text: &str) -> io::Result<()> {
        fs::write(self.haproxy_config(), text)
    }

    /// Removes everything of the lab, the manifest last. What is not the lab's stays, and the directory with it.
    pub(super) fn remove(&self) -> io::Result<()> {
        let mut names: Vec<_> = fs::read_dir(&self.0)?.filter_map(|entry| Some(entry.ok()?.file_name())).collect();
        names.retain(|name| FILES.iter().any(|file| name.as_encoded_bytes().starts_with(file.as_bytes())));
        names.sort_by_key(|name| name == MANIFEST);
        names.iter().try_for_each(|name| fs::remove_file(self.0.join(name)))?;
        match fs::remove_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {
                tracing::warn!(directory = %self.0.display(), "the directory has files that are not the lab's and stays");
                Ok(())
            }
            removed => removed,
        }
    }

    fn manifest_file(&self) -> PathBuf {
        self.0.join(MANIFEST)
    }

    fn note_file(&self, number: u8) -> PathBuf {
        self.0.join(note_name(number))
    }

    /// Whoever reads sees the old text or the new one.
    fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let draft = self.0.join(format!("{name}.new"));
        fs::write(&draft, text)?;
        fs::rename(draft, self.0.join(name))
    }
}

fn note_name(number: u8) -> String {
    format!("server-{number}.json")
}

fn read<T: DeserializeOwned>(file: &Path) -> io::Result<Option<T>> {
    match fs::read_to_string(file) {
        Ok(text) => serde_json::from_str(&text).map(Some).map_err(Into::into),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn unusable(why: &str) -> io::Error {
    io::Error::other(format!("its path {why}; start Drainboard with another --database"))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn place(name: &str) -> Place {
        Place(std::env::temp_dir().join(format!("drainboard-place-{}-{name}", std::process::id())))
    }

    #[test]
    fn only_its_user_may_look_into_the_directory() {
        let place = place("private");
        place.make().unwrap();
        assert_eq!(fs::metadata(place.directory()).unwrap().permissions().mode() & 0o777, 0o700);
        assert!(place.make().is_err(), "a directory that is there is somebody else's");
        place.remove().unwrap();
        assert!(!place.directory().exists());
    }

    #[test]
    fn what_is_not_the_labs_stays() {
        let place = place("foreign");
        place.make().unwrap();
        for name in [MANIFEST, "lab.json.new", "server-1.json", "admin.sock.7.tmp", "diary.txt"] {
            fs::write(place.directory().join(name), "").unwrap();
        }
        place.remove().unwrap();
        let left: Vec<_> = fs::read_dir(place.directory()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(left, ["diary.txt"]);
        fs::remove_dir_all(place.directory()).unwrap();
    }

    #[test]
    fn what_is_written_is_read_again() {
        let place = place("notes");
        place.make().unwrap();
        assert!(place.manifest().unwrap().is_none());
        let manifest = Manifest {
            ports: [1, 2, 3],
            groups: ["a", "b"].map(|name| name.parse().unwrap()),
            proxy: None,
            compared: None,
        };
        place.write_manifest(&manifest).unwrap();
        assert_eq!(place.manifest().unwrap().unwrap().ports, [1, 2, 3]);
        let note = Note { pid: 7, manners: LabManners::Slowly };
        place.write_note(2, &note).unwrap();
        assert_eq!((place.note(2), place.note(1)), (Some(note), None));
        place.remove().unwrap();
    }

    #[test]
    fn a_path_that_no_socket_or_configuration_can_have_is_refused() {
        assert!(place(&"long".repeat(20)).make().unwrap_err().to_string().contains("too long"));
        assert!(place("it's").make().unwrap_err().to_string().contains("quote"));
    }
}
