// Decides once per stream whether it gets colour.

/// What a person asked for with `--color`.
public enum ColorMode: String, Sendable, CaseIterable {
  case auto, always, never
}

/// Whether a stream gets colour.
///
/// An explicit `--color` wins. Otherwise `NO_COLOR` (not empty) forbids and `FORCE_COLOR` or `CLICOLOR_FORCE` (neither empty
/// nor `0`) forces it; then a terminal gets colour unless `TERM` is `dumb` or `CLICOLOR` is `0`.
///
/// - Parameter environment: gives the value of an environment variable.
public func usesColor(mode: ColorMode, isTerminal: Bool, environment: (String) -> String?) -> Bool {
  switch mode {
  case .always: return true
  case .never: return false
  case .auto: break
  }
  if let value = environment("NO_COLOR"), !value.isEmpty { return false }
  for name in ["FORCE_COLOR", "CLICOLOR_FORCE"] {
    if let value = environment(name), !value.isEmpty, value != "0" { return true }
  }
  return isTerminal && environment("TERM") != "dumb" && environment("CLICOLOR") != "0"
}
