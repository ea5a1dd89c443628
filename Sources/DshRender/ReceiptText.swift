// A receipt as the lines a person reads and as the JSON object a program reads.

import DshColumns
import DshDiagnostics
import DshPlan
import DshBackend

extension Receipt {
  /// The lines without line ends, notes below; with times, the last line of the receipt proper ends in one.
  public func textLines(withTime: Bool) -> [String] {
    var shown = lines
    if withTime, let seconds {
      if let last = shown.indices.last { shown[last] += "; \(secondsText(seconds))" } else { shown = [secondsText(seconds)] }
    }
    return shown + notes.map { "note: \($0)" }
  }

  /// One JSON object on one line, without a line end.
  public var json: String {
    let output = MutableBuffer(capacity: 256)
    func append(_ text: String) { CellText.append(text, to: output) }
    append("{\"action\":")
    CellText.appendJSON(text: action, to: output)
    append(",\"dataset\":")
    CellText.appendJSON(text: dataset, to: output)
    append(",\"rows\":\(rows),\"blocks\":{\"total\":\(blocksTotal),\"run\":\(blocksRun),\"reused\":\(blocksReused)},\"moved\":[")
    for (index, movement) in moved.enumerated() {
      append(index > 0 ? ",{\"from\":" : "{\"from\":")
      CellText.appendJSON(text: movement.from, to: output)
      append(",\"to\":")
      CellText.appendJSON(text: movement.to, to: output)
      append(",\"bytes\":\(movement.bytes)}")
    }
    append("],\"moved_bytes\":\(movedBytes),\"mapped_bytes\":\(mappedBytes)")
    if programs.processes > 0 {
      append(",\"programs\":{\"processes\":\(programs.processes),\"batches\":\(programs.batches),\"sent_bytes\":\(programs.sentBytes)")
      append(",\"answered_bytes\":\(programs.answeredBytes)}")
    }
    if let seconds { append(",\"seconds\":\(CellText.string(.float64(seconds)) ?? "0")") }
    if !notes.isEmpty {
      append(",\"notes\":[")
      for (index, note) in notes.enumerated() {
        if index > 0 { append(",") }
        CellText.appendJSON(text: note, to: output)
      }
      append("]")
    }
    append("}")
    return String(decoding: UnsafeRawBufferPointer(start: output.start, count: output.byteCount), as: UTF8.self)
  }
}
