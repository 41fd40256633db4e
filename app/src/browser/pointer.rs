//! Where a pointer is within what listens to it.

use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, MouseEvent, PointerEvent};

/// How far along its width, from 0 to 1.
pub(crate) fn fraction(event: &MouseEvent) -> Option<f64> {
    let element: Element = event.current_target()?.dyn_into().ok()?;
    let place = element.get_bounding_client_rect();
    (place.width() > 0.0).then(|| ((f64::from(event.client_x()) - place.left()) / place.width()).clamp(0.0, 1.0))
}

/// What follows of this pointer goes to the same element, wherever it is.
pub(crate) fn capture(event: &PointerEvent) {
    if let Some(element) = event.current_target().and_then(|target| target.dyn_into::<Element>().ok()) {
        // Refused where the pointer is gone already.
        let _ = element.set_pointer_capture(event.pointer_id());
    }
}
