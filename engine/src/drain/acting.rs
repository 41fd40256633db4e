//! What a talker tells its proxy, on record before and after.

use std::time::Duration;

use domain::{
    AdminState, Answer, Because, BindingId, BindingState, EventKind, Hold, HoldCause, Order, Place, ServerName, Step,
};

use tokio::time::Instant;

use super::talker::Talker;
use crate::monitor::recorder::Gone;
use crate::proxy::{Adapter as _, ProxyError};

/// What a step needs to know beside itself.
struct Scene {
    place: Place,
    hold: Option<Hold>,
    instance: String,
}

/// What the proxy answered, and how long that took from the decision on.
struct Told {
    answer: Result<String, ProxyError>,
    took: Duration,
}

impl Talker {
    /// Carries out one step of a plan.
    pub(super) async fn act(&self, id: BindingId, step: Step) -> Result<(), Gone> {
        let decided = self.shared.clock.instant();
        let Some(scene) = self.scene(id, &step.server) else { return Ok(()) };
        let told = match step.order {
            Order::Ready | Order::Cut => self.tell(&scene, step.order, scene.hold.as_ref(), decided).await,
            Order::Drain | Order::Maint => self.take_out(&scene, &step, decided).await?,
        };
        self.told(scene, &step, told).await
    }

    /// Puts back into service what we hold in these bindings. An error is a sentence.
    pub(super) async fn put_back(&mut self, bindings: &[BindingId]) -> Result<Result<(), String>, Gone> {
        let held = self.held(bindings);
        if held.is_empty() {
            return Ok(Ok(()));
        }
        if !self.look().await? {
            return Ok(Err(format!(
                "{} does not answer, so what Drainboard took out there cannot be put back.",
                self.name
            )));
        }
        for (id, server, target) in held {
            if self.is_out(id, &server) {
                let step = Step { server, target, order: Order::Ready, because: Because::Unbound, is_policy: false };
                self.act(id, step).await?;
            }
        }
        self.look().await?;
        let still = self.held(bindings).into_iter().find(|(id, server, _)| self.is_out(*id, server));
        Ok(match still {
            None => Ok(()),
            Some((id, server, _)) => {
                let why = self.with_binding(id, |state| state.troubles.get(&server).map(|trouble| trouble.why.clone()));
                let why = why.flatten().unwrap_or_else(|| "it did not do what it was told".to_owned());
                Err(format!("{} did not put {server} back: {why}.", self.name))
            }
        })
    }

    fn held(&self, bindings: &[BindingId]) -> Vec<(BindingId, ServerName, Option<domain::TargetId>)> {
        self.shared.with_board(|board| {
            let states = bindings.iter().filter_map(|id| board.bindings.get(id));
            let ours = states.filter(|state| state.binding.proxy == self.name);
            let holds = ours.flat_map(|state| state.holds.iter().map(|(name, hold)| (state.binding.id, name, hold)));
            holds.map(|(id, name, hold)| (id, name.clone(), hold.target)).collect()
        })
    }

    fn is_out(&self, id: BindingId, server: &ServerName) -> bool {
        self.shared.with_board(|board| {
            let Some(state) = board.bindings.get(&id) else { return false };
            let backend = board.proxies.get(&self.name).and_then(|proxy| state.backend(proxy));
            // A backend that is gone, or has another name now, has not got it back.
            let Some(backend) = backend else { return true };
            let listed = backend.servers.iter().find(|listed| listed.name == *server);
            listed.is_none_or(|listed| listed.admin.state != AdminState::Ready)
        })
    }

    fn scene(&self, id: BindingId, server: &ServerName) -> Option<Scene> {
        self.shared.with_board(|board| {
            let state = board.bindings.get(&id)?;
            let look = board.proxies.get(&self.name)?.look.as_ref()?;
            let (hold, instance) = (state.holds.get(server).cloned(), look.instance.clone());
            Some(Scene { place: state.place(server), hold, instance })
        })
    }

    fn with_binding<T>(&self, id: BindingId, read: impl FnOnce(&BindingState) -> T) -> Option<T> {
        self.shared.with_board(|board| board.bindings.get(&id).map(read))
    }

    /// The hold is stored before the proxy is told, with what undoes it. Where nothing is needed to undo it and a person
    /// wants it, the proxy is told meanwhile: after a crash in between the planner finds the server out and wanted out. Of
    /// what is done by health nothing but the hold would tell that we did it.
    async fn take_out(&self, scene: &Scene, step: &Step, decided: Instant) -> Result<Told, Gone> {
        let Place { backend, server, .. } = &scene.place;
        let kept = match self.connector.prepare(backend, server, step.order).await {
            Ok(kept) => kept.or_else(|| scene.hold.as_ref()?.kept.clone()),
            Err(error) => return Ok(self.ended(Err(error), decided)),
        };
        let hold = Hold {
            order: step.order,
            target: step.target.or_else(|| scene.hold.as_ref()?.target),
            cause: step.hold_cause(scene.hold.as_ref()),
            at: scene.hold.as_ref().map_or_else(|| self.shared.clock.now(), |hold| hold.at),
            kept,
            told: None,
            lost_sight: scene.hold.as_ref().is_some_and(Hold::loses_sight),
            cut_at: None,
        };
        let must_be_stored = hold.kept.is_some() || hold.cause == HoldCause::Policy;
        let held = EventKind::ServerHeld { place: scene.place.clone(), hold: hold.clone() };
        let stored = self.recorder.report(vec![held], must_be_stored);
        if must_be_stored {
            return match stored.await? {
                Ok(()) => Ok(self.tell(scene, step.order, Some(&hold), decided).await),
                Err(why) => Ok(self.ended(Err(ProxyError::Refused(why)), decided)),
            };
        }
        let (stored, told) = tokio::join!(stored, self.tell(scene, step.order, Some(&hold), decided));
        stored?.ok();
        Ok(told)
    }

    async fn tell(&self, scene: &Scene, order: Order, hold: Option<&Hold>, decided: Instant) -> Told {
        let Place { backend, server, .. } = &scene.place;
        let kept = hold.and_then(|hold| hold.kept.as_deref());
        let answer = self.connector.tell(backend, server, order, kept).await;
        self.ended(answer, decided)
    }

    fn ended(&self, answer: Result<String, ProxyError>, decided: Instant) -> Told {
        Told { answer, took: self.shared.clock.instant().saturating_duration_since(decided) }
    }

    async fn told(&self, scene: Scene, step: &Step, told: Told) -> Result<(), Gone> {
        let answer = match told.answer {
            Ok(said) => Answer::Done { instance: scene.instance, said },
            Err(error) => {
                tracing::warn!(proxy.name = %self.name, server.name = step.server, %error, "an order was not carried out; it is given again");
                let why = error.to_string();
                let known = self.with_binding(scene.place.binding, |state| {
                    state.troubles.get(&step.server).is_some_and(|trouble| trouble.why == why)
                });
                Answer::Failed { why, again: known == Some(true) }
            }
        };
        let event = EventKind::ServerTold {
            place: scene.place,
            target: step.target,
            order: step.order,
            because: step.because,
            answer,
            took_us: u32::try_from(told.took.as_micros()).unwrap_or(u32::MAX),
        };
        self.note(vec![event]).await
    }
}
