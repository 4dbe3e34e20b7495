#include "firmware/step_outputs.h"

#include "runtime/intact_blob.h"

namespace intact {

void StepOutputs::add(const intact_step& step, const intact_tensor& rows) {
  if (rows.height == 0) return;
  intact_tensor_record record;
  intact_read_tensor(model_.tensors, step.node + 1, &record);
  if (step.node == next_ && rows.height == record.height) {
    sink_(next_++, rows);
  } else {
    Gathered& gathered = pending_[step.node];
    gathered.output = rows;
    gathered.bytes.insert(gathered.bytes.end(), rows.data, rows.data + rows.bytes);
  }
  for (auto first = pending_.begin(); first != pending_.end() && first->first == next_;
       first = pending_.erase(first)) {
    Gathered& gathered = first->second;
    intact_read_tensor(model_.tensors, next_ + 1, &record);
    gathered.output.data = gathered.bytes.data();
    gathered.output.bytes = static_cast<std::uint32_t>(gathered.bytes.size());
    gathered.output.height = gathered.output.bytes / (gathered.output.width * gathered.output.pixel_bytes);
    if (gathered.output.height < record.height) break;
    sink_(next_++, gathered.output);
  }
}

void run_steps(intact_model& model, const StepOutputs::Sink& sink) {
  StepOutputs outputs(model, sink);
  intact_step step;
  for (int more = intact_first_step(&model, &step); more != 0; more = intact_next_step(&model, &step)) {
    intact_run_step(&model, &step);
    outputs.add(step, intact_step_output(&model, &step));
  }
}

}  // namespace intact
