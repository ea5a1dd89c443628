// What the last action did, as `diagram`, `stats` and `transfers --last` tell it.

import DshBackend

/// The last action: all numbers come from the record of its run.
struct LastRun: Sendable {
  /// The stage as it was typed.
  var action: String
  var dataset: String
  var rows: Int
  var run: RunWork
  var parts: [PulledPart]
}
