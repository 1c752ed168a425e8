"""What a requester wants: messages, answers, questions back, walking through an article."""
