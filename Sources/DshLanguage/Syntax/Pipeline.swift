// The syntax of a pipeline: where rows come from and the stages they flow through.
import DshDiagnostics

/// A source and the stages behind it.
///
/// `read`, `range` and `rows` are ordinary stages in first place, so a pipeline that starts with one of them has
/// no source here. A pipeline with neither a source nor such a stage works on the current dataset `_`.
public struct PipelineSyntax: Sendable, Hashable {
  public var source: SourceSyntax?
  public var stages: [StageSyntax]
  public var span: SourceSpan

  public init(source: SourceSyntax?, stages: [StageSyntax], span: SourceSpan) {
    self.source = source
    self.stages = stages
    self.span = span
  }
}

/// A dataset made before: a name, `_` for the current one, or `_3` for the one with that number.
public enum SourceSyntax: Sendable, Hashable {
  case dataset(Name)

  public var name: Name {
    switch self {
    case .dataset(let name): name
    }
  }

  public var span: SourceSpan { name.span }
}

/// A dataset as an operand: one made before, or a pipeline in parentheses.
public indirect enum DatasetSyntax: Sendable, Hashable {
  case source(SourceSyntax)
  /// The span includes the parentheses.
  case pipeline(PipelineSyntax, span: SourceSpan)

  public var span: SourceSpan {
    switch self {
    case .source(let source): source.span
    case .pipeline(_, let span): span
    }
  }
}

/// One stage: a verb with its options and operands.
public struct StageSyntax: Sendable, Hashable {
  public var verb: Name
  public var options: [OptionSyntax]
  public var operands: Operands
  public var span: SourceSpan

  public init(verb: Name, options: [OptionSyntax] = [], operands: Operands, span: SourceSpan) {
    self.verb = verb
    self.options = options
    self.operands = operands
    self.span = span
  }

  /// The option of that name (without dashes), or nil if it was not given.
  public func option(_ name: String) -> OptionSyntax? {
    options.first { $0.name.text == name }
  }
}
