// What external programs did, as receipts tell it.

import DshBackend
import DshDiagnostics
import DshPlan

extension ProgramWork {
  /// A line if any has run.
  public var receiptLines: [String] {
    if processes == 0 { return [] }
    let batchText = "\(groupedText(batches)) \(batches == 1 ? "batch" : "batches")"
    return [
      "programs: \(groupedText(processes)) \(processes == 1 ? "process" : "processes"), \(batchText), \(bytesText(sentBytes)) in, \(bytesText(answeredBytes)) out"
    ]
  }

  /// What they have said.
  public var notes: [String] {
    words + (omittedWordBytes > 0 ? ["programs said \(bytesText(omittedWordBytes)) more"] : [])
  }
}
