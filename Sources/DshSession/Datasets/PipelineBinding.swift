// Takes in the stages of a pipeline: sources and transforms become steps of a dataset, actions are checked.

import DshColumns
import DshBackend
import DshDiagnostics
import DshEngine
import DshLanguage
import DshPlan

/// Binds pipelines against a state.
struct PipelineBinding {
  let session: Session
  let source: SourceText
  /// What is wrong with the stages taken in so far; the ones behind them are looked at all the same.
  private(set) var mistakes: [Diagnostic] = []
  /// Columns that the mistakes have left unknown.
  private var brokenColumns: Set<String> = []
  /// The datasets there were, if the pipeline starts from the current one without naming it.
  private var before: SessionState?

  init(session: Session, source: SourceText) {
    self.session = session
    self.source = source
  }

  /// Throws the mistakes met so far, if there are any.
  func finish() throws {
    if !mistakes.isEmpty { throw StatementFailure(mistakes.map(pointingToEarlier), source: source) }
  }

  /// An unknown column with the dataset that has it, where the person may have thought that to be current.
  private func pointingToEarlier(_ mistake: Diagnostic) -> Diagnostic {
    guard mistake.code == .unknownColumn, let before, let span = mistake.span, !session.isTyping,
      let earlier = before.dataset(havingColumn: unquotedName(session.text(of: span, in: source)))
    else { return mistake }
    var copy = mistake
    copy.notes.append("\(earlier) has that column: start with \(earlier) | …")
    return copy
  }

  /// An unknown column that was the key of the right side of a join, with the name that it stands under since then.
  private func pointingToKey(_ mistake: Diagnostic, in plan: LogicalPlan) -> Diagnostic {
    guard mistake.code == .unknownColumn, let span = mistake.span,
      let name = plan.nameSinceJoin(ofKey: unquotedName(session.text(of: span, in: source))), plan.schema.index(of: name) != nil
    else { return mistake }
    var copy = mistake
    copy.suggestion = "since the join that key is called \(printedName(name)); --keep keeps both"
    return copy
  }

  /// Notes an error of a stage beside the mistakes of the others.
  private mutating func note(_ error: any Error) throws {
    guard error is Diagnostic || error is DiagnosticList else {
      try finish()
      throw error
    }
    mistakes += session.failure(error, source).diagnostics
  }

  /// Takes in one stage. An action leaves the cursor as it is.
  mutating func take(
    _ stage: StageSyntax, _ pipeline: PipelineSyntax, into cursor: inout PipelineCursor?, state: inout SessionState
  ) throws {
    guard let kind = stage.kind else {
      throw Diagnostic(.unknownVerb, "no verb \"\(stage.verb.text)\"", span: stage.verb.span)
    }
    if let missing = stage.isNotAvailable {
      mistakes.append(missing)
      // Nothing is known of what a transform would make.
      return kind == .action || kind == .pin ? () : try finish()
    }
    if kind == .source {
      do { cursor = try open(stage, state: &state) } catch {
        // Nothing is known of what the stages behind it work on.
        try note(error)
        try finish()
      }
      if session.isTyping { cursor?.typed = session.typedStages.root(session.text(of: stage.span, in: source)) }
      return
    }
    if cursor == nil {
      if pipeline.source == nil { before = state }
      cursor = try state.start(of: pipeline)
      if session.isTyping, case .dataset(let index)? = cursor?.base { cursor?.typed = session.typedStages.root("_\(index + 1)") }
    }
    guard kind == .transform, var next = cursor else {
      try checkAction(stage, cursor, state: state)
      return
    }
    var others: [Int] = []
    for dataset in stage.operands.datasets {
      do { others.append(try resolve(dataset, state: &state)) } catch { return try note(error) }
    }
    next.stages.append(Dataset.Stage(syntax: stage, others: others))
    if let dataset = next.dataset {
      next.base = .dataset(dataset)
      next.dataset = nil
    }
    // Bound at once, so that a mistake is found in the stage that has it, unless its columns are found when it runs.
    guard let before = try planIfKnown({ try plan(of: cursor ?? next, state: state) }),
      let otherPlans = try planIfKnown({ try others.map { try state.plan(of: $0) } })
    else {
      next.plan = nil
      cursor = next
      return
    }
    let text = session.isTyping && others.isEmpty ? session.text(of: stage.span, in: source) : nil
    if let text, let known = session.typedStages.step(text, after: cursor?.typed) {
      next.plan = known.plan
      next.typed = known
    } else {
      let (plan, isPending) = try bind(stage, over: before, otherPlans, of: &next, state: state)
      next.plan = plan
      next.typed =
        mistakes.isEmpty ? text.flatMap { text in plan.flatMap { session.typedStages.add(text, $0, after: cursor?.typed) } } : nil
      guard plan != nil else {
        if isPending { cursor = next }
        return try finish()
      }
    }
    cursor = next
  }

  /// The plan of a transform, or nil with what is wrong noted; pending is one whose columns are found when it runs.
  private mutating func bind(
    _ stage: StageSyntax, over before: LogicalPlan, _ others: [LogicalPlan], of cursor: inout PipelineCursor, state: SessionState
  ) throws -> (plan: LogicalPlan?, isPending: Bool) {
    var binder = state.environment.binder(source)
    binder.brokenColumns = brokenColumns
    binder.foundValues = state.foundValues
    if stage.verbID == .mapBatches {
      binder.answerSchema = try session.answerSchema(of: stage, over: before, binder)
      cursor.stages[cursor.stages.count - 1].answer = binder.answerSchema
    }
    let plan = binder.bindTransform(stage, over: before, others: others)
    mistakes += binder.diagnostics.map { pointingToKey($0, in: before) }
    guard let plan else { return (nil, binder.wantedValues != nil) }
    guard plan.depth <= LogicalPlan.depthLimit else {
      mistakes.append(
        Diagnostic(
          .tooManyStages, "a dataset is made in at most \(groupedText(LogicalPlan.depthLimit)) steps, and this is one more",
          span: stage.verb.span, suggestion: "write what is there so far to a file, and read that"))
      return (nil, false)
    }
    brokenColumns = binder.brokenColumns
    return (plan, false)
  }

  /// What is there if it does not depend on values that have not been found yet.
  private func planIfKnown<Plans>(_ plans: () throws -> Plans) throws -> Plans? {
    do { return try plans() } catch is WantedValues { return nil }
  }

  /// The stages of a pipeline up to its end, without making a dataset of them.
  mutating func cursor(behind pipeline: PipelineSyntax, state: inout SessionState) throws -> PipelineCursor {
    var cursor: PipelineCursor?
    try session.adopt(pipeline.datasets, into: &state)
    for stage in pipeline.stages { try take(stage, pipeline, into: &cursor, state: &state) }
    if cursor == nil { cursor = try state.start(of: pipeline) }
    guard let cursor else { preconditionFailure("a pipeline starts somewhere") }
    try finish()
    return cursor
  }

  /// The plan of a cursor over a state.
  func plan(of cursor: PipelineCursor, state: SessionState) throws -> LogicalPlan {
    if let plan = cursor.plan { return plan }
    var copy = state
    let (index, _) = copy.settle(cursor, source: source)
    return try copy.plan(of: index)
  }

  /// The one source that opens files; the others are in `SourceRegistry`.
  static let fileSource = Verb.ID.read

  /// What a stage that makes rows gives.
  ///
  /// - Parameter folder: where its paths start from; nil for the current folder.
  func open(_ stage: StageSyntax, from folder: String? = nil, state: inout SessionState) throws -> PipelineCursor {
    if stage.verbID == Self.fileSource, case .paths(let paths) = stage.operands {
      var request = try ReadRequest(stage, paths: paths, environment: state.environment)
      if let folder { request.workingDirectory = folder }
      request.usualBlockBytes = min(ReadRequest.defaultBlockBytes, session.backend.largestBlockBytes)
      return PipelineCursor(base: .files(id: state.files.append(try session.open(request, as: stage.printed))))
    }
    var binder = state.environment.binder(source)
    guard let plan = binder.bindSource(stage) else { throw DiagnosticList(binder.diagnostics) }
    return PipelineCursor(base: .plan(plan, stage))
  }

  /// A dataset named as an operand, or a pipeline in parentheses.
  private mutating func resolve(_ syntax: DatasetSyntax, state: inout SessionState) throws -> Int {
    switch syntax {
    case .source(let source):
      guard let index = state.index(of: source.name.text) else { throw state.unknownDataset(source.name) }
      return index
    case .pipeline(let pipeline, let span):
      let outside = brokenColumns
      brokenColumns = []
      defer { brokenColumns = outside }
      var cursor: PipelineCursor?
      for stage in pipeline.stages {
        guard stage.kind == .source || stage.kind == .transform else {
          throw Diagnostic(.actionInOperand, .user, "an action can't stand inside parentheses", span: span)
        }
        try take(stage, pipeline, into: &cursor, state: &state)
      }
      if cursor == nil { cursor = try state.start(of: pipeline) }
      guard let cursor else { throw Diagnostic(.missingOperand, "a dataset is missing", span: span) }
      return state.settle(cursor, source: source).index
    }
  }

  /// Binds what an action's operands say, without running it.
  private mutating func checkAction(_ stage: StageSyntax, _ cursor: PipelineCursor?, state: SessionState) throws {
    guard let cursor, let plan = try planIfKnown({ try plan(of: cursor, state: state) }) else { return }
    var binder = state.environment.binder(source)
    binder.brokenColumns = brokenColumns
    switch stage.operands {
    case .expression(let expression):
      if let bound = binder.bindOperand(expression, over: plan.schema) {
        do { try stage.action?.check(bound, in: stage) } catch { mistakes.append(error) }
      }
    case .count(let count?): _ = binder.bindCount(count)
    default: stage.action?.check(stage, over: plan, with: &binder)
    }
    mistakes += binder.diagnostics.map { pointingToKey($0, in: plan) }
  }
}
