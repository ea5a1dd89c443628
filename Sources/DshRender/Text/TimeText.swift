// Spans of time as a person reads them.

import DshDiagnostics

/// A span of time as short as its size allows: `870 µs`, `4.2 ms`, `318 ms`, `2.40 s`, `3 min 20 s`.
public func secondsText(_ seconds: Double) -> String {
  guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "\(seconds) s" }
  let microseconds = Int((seconds * 1e6).rounded())
  switch microseconds {
  case ..<1000: return "\(microseconds) µs"
  case ..<99_950: return "\((microseconds + 50) / 1000).\((microseconds + 50) % 1000 / 100) ms"
  case ..<999_500: return "\((microseconds + 500) / 1000) ms"
  case ..<59_995_000:
    let hundredths = (microseconds + 5000) / 10_000
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) s"
  default:
    let whole = (microseconds + 500_000) / 1_000_000
    return "\(groupedText(whole / 60)) min \(whole % 60) s"
  }
}

/// How old something is, in the largest unit that it is at least one of: `12 s`, `3 min`, `5 h`, `12 days`.
public func ageText(seconds: Int) -> String {
  switch max(0, seconds) {
  case ..<60: "\(max(0, seconds)) s"
  case ..<3600: "\(seconds / 60) min"
  case ..<86_400: "\(seconds / 3600) h"
  default: counted(seconds / 86_400, "day")
  }
}
