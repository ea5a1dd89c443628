// Lays expected lines beside actual ones with as few differences as possible.

/// One step through both texts.
enum AlignmentStep: Hashable {
  /// An expected line and the actual line it matches.
  case same(expected: Int, actual: Int)
  /// `...` and the actual lines it stands for.
  case elided(expected: Int, actual: Range<Int>)
  case missing(expected: Int)
  case extra(actual: Int)
}

/// The cheapest way to turn expected into actual lines; a line missing, extra or in another's place costs one, lines under `...` nothing.
///
/// Longest common subsequence by dynamic programming over suffixes (Wagner and Fischer 1974), with elisions as free insertions.
///
/// Texts too long for the table are compared line by line in step.
func align(_ expected: [LinePattern], _ actual: [ActualLine]) -> [AlignmentStep] {
  let columns = actual.count + 1
  if (expected.count + 1) > alignmentTableLimit / columns { return alignInStep(expected, actual) }
  var cost = [Int](repeating: 0, count: (expected.count + 1) * columns)
  func at(_ i: Int, _ j: Int) -> Int { i * columns + j }
  for i in stride(from: expected.count, through: 0, by: -1) {
    for j in stride(from: actual.count, through: 0, by: -1) where i < expected.count || j < actual.count {
      var best = Int.max
      if i < expected.count {
        if expected[i] == .anyLines {
          best = cost[at(i + 1, j)]
          if j < actual.count { best = min(best, cost[at(i, j + 1)]) }
        } else {
          best = cost[at(i + 1, j)] + 1
          if j < actual.count { best = min(best, cost[at(i + 1, j + 1)] + (expected[i].matches(actual[j]) ? 0 : 1)) }
        }
      }
      if j < actual.count { best = min(best, cost[at(i, j + 1)] + 1) }
      cost[at(i, j)] = best
    }
  }
  var steps: [AlignmentStep] = []
  var i = 0
  var j = 0
  while i < expected.count || j < actual.count {
    let here = cost[at(i, j)]
    if i < expected.count, expected[i] == .anyLines {
      let start = j
      // An elision ends as early as it can without cost.
      while cost[at(i + 1, j)] != here, j < actual.count, cost[at(i, j + 1)] == here { j += 1 }
      steps.append(.elided(expected: i, actual: start..<j))
      i += 1
    } else if i < expected.count, j < actual.count, expected[i].matches(actual[j]), cost[at(i + 1, j + 1)] == here {
      steps.append(.same(expected: i, actual: j))
      i += 1
      j += 1
    } else if i < expected.count, j < actual.count, cost[at(i + 1, j + 1)] + 1 == here {
      steps += [.missing(expected: i), .extra(actual: j)]
      i += 1
      j += 1
    } else if i < expected.count, cost[at(i + 1, j)] + 1 == here {
      steps.append(.missing(expected: i))
      i += 1
    } else {
      steps.append(.extra(actual: j))
      j += 1
    }
  }
  return missingFirst(steps)
}

/// The steps with the missing lines of each stretch of differences before its extra ones, as diffs are read.
private func missingFirst(_ steps: [AlignmentStep]) -> [AlignmentStep] {
  var result: [AlignmentStep] = []
  var extra: [AlignmentStep] = []
  for step in steps {
    switch step {
    case .missing: result.append(step)
    case .extra: extra.append(step)
    case .same, .elided:
      result += extra + [step]
      extra = []
    }
  }
  return result + extra
}

/// The most entries of the table of costs: 128 MiB.
private let alignmentTableLimit = 16 << 20

private func alignInStep(_ expected: [LinePattern], _ actual: [ActualLine]) -> [AlignmentStep] {
  var steps: [AlignmentStep] = []
  for index in 0..<max(expected.count, actual.count) {
    if index < expected.count, index < actual.count, expected[index].matches(actual[index]) {
      steps.append(.same(expected: index, actual: index))
    } else {
      if index < expected.count { steps.append(.missing(expected: index)) }
      if index < actual.count { steps.append(.extra(actual: index)) }
    }
  }
  return steps
}
