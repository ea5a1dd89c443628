// What a `$name` stands for.

import DshColumns
import DshDiagnostics

/// A scalar: made by `let` or `--set`.
public enum Scalar: Sendable {
  case value(Value)
  /// It takes its value from a pipeline that has not run, as the statements of a script are looked at before the first one runs.
  case pending

  public var value: Value? {
    if case .value(let value) = self { value } else { nil }
  }
}

extension Diagnostic {
  /// The error of a scalar that has no value yet; it is gone once the statements before have run.
  public static func pendingScalar(_ name: String, span: SourceSpan) -> Diagnostic {
    Diagnostic(.pendingScalar, "$\(name) has no value yet", span: span)
  }
}
