// `now()` and `today()`: constants of the statement that they stand in, so that all rows, tasks and nodes see the same.

import DshColumns

extension Binder {
  /// The time of the statement as a function asks for it; nil for another function.
  func moment(_ name: String) -> Expression? {
    switch name {
    case "now": .literal(.timestamp(now), .timestamp)
    case "today": .literal(.date(Int32(truncatingIfNeeded: Calendar.split(timestamp: now).days)), .date)
    default: nil
    }
  }
}
