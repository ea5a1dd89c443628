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
  /// The names of the datasets that its last stage, a `split`, makes; empty if it gives one.
  public var parts: [Name] = []

  public init(source: SourceSyntax?, stages: [StageSyntax], span: SourceSpan) {
    self.source = source
    self.stages = stages
    self.span = span
  }
}

extension PipelineSyntax {
  /// Notes which stages are gone on with: all but the last, and that one too where the rows are named or an operand.
  mutating func continueStages(isOperand: Bool) {
    for index in stages.indices.dropLast(isOperand ? 0 : 1) { stages[index].isContinued = true }
  }

  /// Gives the last stage the name in front of the pipeline if it is to keep the dataset under that.
  mutating func keep(as name: Name) {
    guard let last = stages.indices.last, stages[last].verbID == .persist, stages[last].operands == .none,
      stages[last].option("keep").map({ $0.bool != false }) == true
    else { return }
    stages[last].operands = .newDataset(name)
  }

  /// The last stage for one of the datasets that it makes, counted from 1.
  public func stage(ofPart part: Int) -> StageSyntax? {
    guard var stage = stages.last else { return nil }
    let value = OptionValue(list: [String(part)], span: stage.span)
    stage.options.append(OptionSyntax(name: Name("part", span: stage.span), value: value, span: stage.span))
    return stage
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
  /// The verb as typed.
  public var verb: Name
  /// The verb it was found to be; nil for an unknown one, and the statement has errors then.
  public var verbID: Verb.ID?
  public var options: [OptionSyntax]
  public var operands: Operands
  public var span: SourceSpan
  /// Whether what it makes is gone on with or named, so that it is no action if it can be something else.
  public var isContinued = false

  public init(verb: Name, _ verbID: Verb.ID?, options: [OptionSyntax] = [], operands: Operands, span: SourceSpan) {
    self.verb = verb
    self.verbID = verbID
    self.options = options
    self.operands = operands
    self.span = span
  }

  /// A stage that nobody typed, said to stand at a place.
  public init(_ verbID: Verb.ID, operands: Operands, at span: SourceSpan) {
    self.init(verb: Name(verbID.name, span: span), verbID, operands: operands, span: span)
  }

  /// The name that the dataset is kept under here, if it gets one.
  public var keptName: Name? { if case .newDataset(let name) = operands { name } else { nil } }

  /// What its verb is; nil for an unknown one.
  public var definition: Verb? { verbID.flatMap { VerbRegistry.verb($0) } }

  /// What it does in a pipeline; nil for an unknown verb.
  public var kind: Verb.Kind? { definition.map { isContinued && $0.givesRows ? .transform : $0.kind } }

  /// The option of that name (without dashes), or nil if it was not given.
  public func option(_ name: String) -> OptionSyntax? {
    options.first { $0.name.text == name }
  }

  /// How its result shall be printed, if it prints one and says so.
  public var outputFormat: String? {
    definition?.options.contains(.outputFormat) == true ? option(VerbOption.outputFormat.name)?.value?.text : nil
  }
}
