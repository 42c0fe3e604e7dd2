// The same in F#: lists of values are added up and piped, and functions are given to whatever takes one.

open System
open Nudge

// An expression, its slope, and a list of values.
let w = Value 1.0
let error (x: float, y: float) = (w * Value x - Value y).Pow 2.0
let loss = [ 1.0, 2.0; 2.0, 4.0; 3.0, 6.0 ] |> List.map error |> List.sum
loss.Backward()
printfn "loss %g, slope %g" loss.Data w.Grad

// The lesson's network, by the four beats.
let net = Mlp(3, [| 4; 4; 1 |], Rng 1UL)
let examples = [ [| 2.0; 3.0; -1.0 |], 1.0; [| 3.0; -1.0; 0.5 |], -1.0; [| 0.5; 1.0; 1.0 |], -1.0; [| 1.0; 1.0; -1.0 |], 1.0 ]

let step _ =
    let loss = examples |> List.sumBy (fun (x, y) -> (net.Forward(ReadOnlySpan x)[0] - Value y).Pow 2.0)
    net.ZeroGradients()
    loss.Backward()
    for p in net.Parameters do
        p.Data <- p.Data - 0.1 * p.Grad
    loss.Data

let losses = List.init 100 step
printfn "step 1 %.4f, step 100 %.4f" (List.head losses) (List.last losses)

// Records are examples by two functions, and a loss of one's own is one more, which is compiled.
let points = [ for i in 0..199 -> {| X = float i / 100.0; Y = sin (float i / 30.0) |} ]
let data = Dataset.From(points, (fun point -> [| point.X |]), (fun point -> [| point.Y |]))
let curve = Mlp(1, [| 16; 1 |], Rng 1UL, outputActivation = Activation.Linear)
let adam = Adam(curve.Parameters, 0.02)
let compiled =
    CompiledLoss.Compile(curve.Parameters, 2, (fun x -> (curve.Forward(ReadOnlySpan [| x[0] |])[0] - x[1]).Pow 2.0))
let rows = Seq.zip data.Inputs data.Targets |> Seq.collect (fun (x, y) -> Seq.append x y) |> Array.ofSeq
let fitted = List.init 2000 (fun _ -> compiled.Step(adam, ReadOnlySpan rows)) |> List.last

// And with the trainer, whose steps are a sequence.
let trainer = Trainer(curve, Objective.MeanSquaredError, adam, data, options = TrainerOptions(Epochs = 20))
let count = trainer.Run() |> Seq.filter (fun step -> isNull step.Monitored |> not) |> Seq.length
printfn "fitted to %.1e, %d epochs, R² %.4f" fitted count (nonNull trainer.Result).Training.RSquared.Value
