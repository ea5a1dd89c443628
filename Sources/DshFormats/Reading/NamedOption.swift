// The options of a format, each with what it sets.
import DshDiagnostics

/// An option of `read` or `write` that belongs to a format.
struct NamedOption<Options>: Sendable {
  /// The name without its dashes.
  let name: String
  /// Takes over a value; throws `bad-option`.
  let set: @Sendable (inout Options, FormatOption) throws(Diagnostic) -> Void

  init(_ name: String, set: @escaping @Sendable (inout Options, FormatOption) throws(Diagnostic) -> Void) {
    self.name = name
    self.set = set
  }
}

extension FormatOption {
  /// Sets what the option of its name sets, if there is one; throws `bad-option`.
  func apply<Options>(_ known: [NamedOption<Options>], to options: inout Options) throws(Diagnostic) {
    try known.first { $0.name == name }?.set(&options, self)
  }
}
