/*
 * widen: does an edit allow more than before, and how much more? Reads the places where permissions
 * (grant_places) and rules of firewalls (flow_places) stand, compares what both sides allow and
 * emits a widened event with what is gained:
 *
 *   permissions: gained.actions, gained.resources, gained.principals, gained.conditions (names of
 *   limits that are gone), gained.denials (actions no longer denied), gained.inverse (all but ..),
 *   gained.escalation (names of combinations of the table `escalations`); what is
 *   no longer allowed is in lost.actions and lost.resources
 *   ingress, egress: gained.ports, gained.named (ports of the table `administrative_ports`),
 *   gained.protocol, gained.everywhere, gained.port_count, gained.size
 *   (addresses more), gained.before (addresses before), gained.peers (chosen by
 *   labels, as texts), gained.denial, gained.first (nothing was let through)
 *
 * Its `protects` is permissions, ingress or egress, its reason says from what to what.
 */
#ifndef BERM_DELTA_WIDEN_H
#define BERM_DELTA_WIDEN_H

#include "delta/emit.h"

/* `changed` has both sides and its changes. */
void widen_events(struct emit *emit, const struct event *changed);

#endif
