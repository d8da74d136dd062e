/// The version of the tool, here and nowhere else.
let prlconvVersion = "0.9.0"
