import CaseFiles
import Electrodeposition

extension RunFolder {
  /// `saltRange` fixes the ends of the colour bar, mol/m³, so that the pictures of a run can be compared.
  package func writePicture(_ snapshot: Snapshot, of setup: Case, saltRange: ClosedRange<Double>? = nil)
    throws
  {
    let name = RunFolder.fileName(snapshot.observables.place, "png")
    try Picture(snapshot, of: setup, saltRange: saltRange).writePNG(to: "\(path)/pictures/\(name)")
  }
}
