/// One known answer that Frond is held to. Tests, `frond verify` and the documentation iterate over one list.
public struct Problem: Sendable {
  public let name: String
}
